import { sharedPassword } from './customers/make-customers.ts';
import { syntheticCustomer } from './customers/synthetic-customers.ts';
import type { Demo } from './start-demo.ts';
import { demoStaff } from './umbrella/staff.ts';

/** What to look at, for somebody who has just started the demo. */
export function guideTo(demo: Pick<Demo, 'places' | 'networks' | 'machine' | 'staffPassword'>, count: number) {
  const { places, networks, machine, staffPassword } = demo;
  const { administrator, marketer, associate } = demoStaff;
  const { server, shops, outbox } = places;
  const people = new Set(networks.all.flatMap((network) => network.people.list().map(({ name }) => name)));
  const [first = '', ...others] = people;
  return `
Meridian is open: two brands, one profile for each customer.

  Lumière, cosmetics      ${shops.lumiere}
  Northtrail, outdoor     ${shops.northtrail}
  Mails that were written ${outbox}
  Console, for staff      ${server}/console

  1. Open Lumière and press "Sign in", then "Continue with Google". The networks are simulated on this
     machine; choose to be ${first}, or ${others.slice(0, 3).join(', ')} ...
  2. Open Northtrail and sign in: one click, and it is the same profile. The terms are asked once; what a
     brand may mail, by each of them.
  3. Come back as the same person by Facebook, Apple, X or GitHub, or sign up with any e-mail address:
     the code is in the mails above. What you have allowed you see, and take back, in "Your account".

  4. Allow "Get to know me", and Facebook's likes on the way there: at the next sign-in eight rules of the library tell
     interests, the income of the area, the time zone and more, each value with its source. The shop says from where
     you come, and lets you come from elsewhere.
     At the third sign-in Lumière asks one thing, with pictures: answer it, and it is never asked again; what you said
     stands under "What you were asked" in your account, and what came of it under Questions in the console.

  5. Open the console in another browser, find who you were, and watch the next sign-in appear on the profile.
     Then sign in there as each of these: every role sees what its work needs. Password:  ${staffPassword}
       ${administrator.email}   administrator: everything
       ${marketer.email}  marketer: customers and what they do, brands, texts; no staff, no keys
       ${associate.email}  associate in a shop of Lumière: its customers, nothing sensitive, nothing of Northtrail
     Nobody is asked for a second factor here: that is the demo's setting, not what a server starts with.

  One of ${count.toLocaleString('en')} synthetic customers:  ${syntheticCustomer(0).email}  password:  ${sharedPassword}
  Management API:  client id  ${machine.id}  secret  ${machine.secret}
    curl -s ${server}/oauth/token -d grant_type=client_credentials -d client_id=${machine.id} \\
      -d client_secret=${machine.secret} -d audience=${server}/api/v2/

Ctrl+C stops everything; what happened is kept for the next time.`;
}
