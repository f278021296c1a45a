import { likePages } from './liked-pages.ts';
import type { Person } from './people.ts';

/*
 * The people of the demo. Some have accounts at several networks, with the same address or with none, which is what
 * linking is about. Addresses are under example domains or have a form their provider does not give out (a hyphen at
 * gmail.com), so that no mail can reach anybody.
 */

const sofia = { name: 'Sofia Marchetti', givenName: 'Sofia', familyName: 'Marchetti' };
const jonas = { name: 'Jonas Weber', givenName: 'Jonas', familyName: 'Weber' };
const amelie = { name: 'Amélie Laurent', givenName: 'Amélie', familyName: 'Laurent', portrait: 'Amélie Laurent#1' };
const diego = { name: 'Diego Romero', givenName: 'Diego', familyName: 'Romero' };
const mia = { name: 'Mia Johansson', givenName: 'Mia', familyName: 'Johansson' };
const noah = { name: 'Noah Okafor', givenName: 'Noah', familyName: 'Okafor', portrait: 'Noah Okafor#1' };
const kenji = { name: 'Kenji Tanaka', givenName: 'Kenji', familyName: 'Tanaka', portrait: 'Kenji Tanaka#7' };

const sofiaMail = 'sofia-marchetti@gmail.com';
const jonasMail = 'jonas@aurora-studio.example';
const amelieMail = 'amelie.laurent@example.com';
const diegoMail = 'diego-romero@gmail.com';

export const googlePeople: readonly Person[] = [
  {
    ...sofia,
    id: '108204268033311374519',
    email: sofiaMail,
    birthday: { year: 1991, month: 4, day: 18 },
    gender: 'female',
    locale: 'en',
  },
  {
    ...jonas,
    id: '113991047552088216734',
    email: jonasMail,
    hostedDomain: 'aurora-studio.example',
    birthday: { month: 11, day: 3 },
    gender: 'male',
    locale: 'de',
  },
  { ...amelie, id: '100417825593301128840', email: amelieMail, locale: 'fr' },
  { ...diego, id: '117730918264405573312', email: diegoMail, birthday: { year: 1988 }, gender: 'male', locale: 'es' },
];

export const facebookPeople: readonly Person[] = [
  {
    ...sofia,
    id: '10160844201175532',
    email: sofiaMail,
    birthday: { year: 1991, month: 4, day: 18 },
    gender: 'female',
    likes: likePages(0, 60),
  },
  {
    ...mia,
    id: '10222719380914467',
    birthday: { month: 7, day: 2 },
    gender: 'female',
    likes: likePages(20, 28),
  },
  { ...diego, id: '10158330947726118', email: diegoMail, birthday: { year: 1988 }, likes: likePages(40, 12) },
  { ...noah, id: '10103227745190863', email: 'noah.okafor@example.org', likes: likePages(21, 3) },
];

export const applePeople: readonly Person[] = [
  { ...sofia, id: '001482.5f0c2b9e7d6a4c1f8e3b0a9d7c6e5f4a.0917', email: sofiaMail, hidesEmail: true },
  { ...amelie, id: '000731.a3d1e8c47b5f42069d8c1e2f3a4b5c6d.1432', email: amelieMail },
  {
    ...kenji,
    id: '001905.0b7e6d5c4f3a2b1908f7e6d5c4b3a291.0655',
    email: 'kenji.tanaka@example.net',
    hidesEmail: true,
  },
];

export const xPeople: readonly Person[] = [
  { ...mia, id: '1480225631190077441', username: 'miaoutside' },
  { ...jonas, id: '92817364', username: 'jonasweber', email: jonasMail },
  { ...noah, id: '2779104458', username: 'noah_okafor' },
];

export const githubPeople: readonly Person[] = [
  {
    ...jonas,
    id: '6041773',
    username: 'jonasweber',
    email: jonasMail,
    otherEmails: [{ email: '6041773+jonasweber@users.noreply.github.com', primary: false, verified: true }],
  },
  { ...amelie, id: '88120456', username: 'amelie-l', email: amelieMail, emailVerified: false },
  {
    ...kenji,
    id: '31550209',
    username: 'ktanaka',
    email: 'kenji.tanaka@example.net',
    publicEmail: 'kenji.tanaka@example.net',
    otherEmails: [{ email: 'kenji@old-mail.example', primary: false, verified: false }],
  },
];

/** For networks that are played by the generic ones. */
export const otherPeople: readonly Person[] = [
  { ...sofia, id: 'sim-sofia-01', email: sofiaMail, locale: 'en-US', postalCode: '20121' },
  {
    ...jonas,
    id: 'sim-jonas-02',
    email: jonasMail,
    tenantId: '3b7a1c52-6f0d-4e8b-9a44-0c5d2e91f7a6',
    username: jonasMail,
    locale: 'de-DE',
    postalCode: '10115',
  },
  { ...mia, id: 'sim-mia-03', locale: 'sv-SE' },
];
