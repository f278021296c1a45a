import { sharedPassword } from './customers/make-customers.ts';
import { syntheticCustomer } from './customers/synthetic-customers.ts';
import type { Demo } from './start-demo.ts';

/** What to look at, for somebody who has just started the demo. */
export function guideTo({ places, networks, machine }: Pick<Demo, 'places' | 'networks' | 'machine'>, count: number) {
  const { server, shops, outbox } = places;
  const people = new Set(networks.all.flatMap((network) => network.people.list().map(({ name }) => name)));
  const [first = '', ...others] = people;
  return `
Meridian is open: two brands, one profile for each customer.

  Lumière, cosmetics      ${shops.lumiere}
  Northtrail, outdoor     ${shops.northtrail}
  Mails that were written ${outbox}
  Regulars                ${server}

  1. Open Lumière and press "Sign in", then "Continue with Google". The networks are simulated on this
     machine; choose to be ${first}, or ${others.slice(0, 3).join(', ')} ...
  2. Open Northtrail and sign in: one click, and it is the same profile. The terms are asked once; what a
     brand may mail, by each of them.
  3. Come back as the same person by Facebook, Apple, X or GitHub, or sign up with any e-mail address:
     the code is in the mails above. What you have allowed you see, and take back, in "Your account".

  One of ${count.toLocaleString('en')} synthetic customers:  ${syntheticCustomer(0).email}  password:  ${sharedPassword}
  Management API:  client id  ${machine.id}  secret  ${machine.secret}
    curl -s ${server}/oauth/token -d grant_type=client_credentials -d client_id=${machine.id} \\
      -d client_secret=${machine.secret} -d audience=${server}/api/v2/

Ctrl+C stops everything; what happened is kept for the next time.`;
}
