/** A page someone likes. `likedAt` is ISO 8601 in UTC. */
export interface LikedPage {
  id: string;
  name: string;
  category: string;
  likedAt: string;
}

/** A birthday as far as the network knows it. */
export interface Birthday {
  year?: number;
  month?: number;
  day?: number;
}

/** One of several addresses, as GitHub keeps them. */
export interface MailAddress {
  email: string;
  primary: boolean;
  verified: boolean;
}

/** Somebody with an account at a simulated network. What is left out is not known to the network. */
export interface Person {
  /** The id at the network (`sub`, `id`, `user_id`); digits only at GitHub, Facebook and X. */
  id: string;
  name: string;
  givenName: string;
  familyName: string;
  email?: string;
  /** True if left out. */
  emailVerified?: boolean;
  /** Further addresses (GitHub); `email` is the primary one. */
  otherEmails?: readonly MailAddress[];
  /** Shown on the public profile (GitHub's `email`). */
  publicEmail?: string;
  /** What the portrait is drawn from; the name if left out, so somebody looks the same at every network. */
  portrait?: string;
  /** The organisation's domain (Google's `hd`). */
  hostedDomain?: string;
  /** The directory of the person's organisation (Microsoft's `tid`). */
  tenantId?: string;
  username?: string;
  birthday?: Birthday;
  gender?: string;
  /** BCP 47. */
  locale?: string;
  postalCode?: string;
  likes?: readonly LikedPage[];
  /** Offered as the first choice on Apple's page. */
  hidesEmail?: boolean;
}

/** The people of one network. Tests add and change them while the network runs. */
export interface People {
  list(): Person[];
  find(id: string): Person | undefined;
  /** Throws if the id is taken. */
  add(person: Person): Person;
  /** Puts the person in place of the one with the same id. Throws if there is none. */
  replace(person: Person): Person;
  remove(id: string): void;
}

export function createPeople(first: readonly Person[]): People {
  const byId = new Map(first.map((person) => [person.id, person]));
  return {
    list: () => [...byId.values()],
    find: (id) => byId.get(id),
    add(person) {
      if (byId.has(person.id)) throw new Error(`this network already has a person ${person.id}`);
      byId.set(person.id, person);
      return person;
    },
    replace(person) {
      if (!byId.has(person.id)) throw new Error(`this network has no person ${person.id}`);
      byId.set(person.id, person);
      return person;
    },
    remove(id) {
      byId.delete(id);
    },
  };
}
