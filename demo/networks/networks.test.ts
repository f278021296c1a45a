import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applePeople, facebookPeople, githubPeople, googlePeople, otherPeople, xPeople } from './demo-people.ts';
import { likePages, pageCount } from './liked-pages.ts';
import { startNetworks, usualPorts } from './networks.ts';
import { testApp } from './test-app.ts';

const anyPorts = { google: 0, facebook: 0, apple: 0, x: 0, github: 0 };

test('five networks start, each with its people, pictures and home page', async () => {
  const networks = await startNetworks({ ports: anyPorts, clients: { google: [testApp] } });
  try {
    assert.equal(networks.all.length, 5);
    assert.equal(new Set(networks.all.map((network) => network.origin)).size, 5);
    for (const network of networks.all) {
      assert.ok(network.people.list().length >= 3, network.name);
      const home = await (await fetch(network.origin)).text();
      assert.match(home, /simulated/);
      assert.ok(home.includes(network.title));
      for (const person of network.people.list()) {
        const picture = await fetch(`${network.origin}/pictures/${encodeURIComponent(person.id)}.png`);
        assert.equal(picture.status, 200, person.name);
        const signature = Buffer.from(await picture.arrayBuffer()).subarray(1, 4);
        assert.equal(signature.toString('latin1'), 'PNG');
      }
      assert.equal((await fetch(`${network.origin}/pictures/nobody.png`)).status, 404);
    }
  } finally {
    await networks.close();
  }
});

test('when one port is taken, none stays open', async () => {
  const first = await startNetworks({ ports: anyPorts });
  const taken = Number(new URL(first.github.origin).port);
  await assert.rejects(startNetworks({ ports: { ...anyPorts, github: taken } }), { code: 'EADDRINUSE' });
  await first.close();
  const second = await startNetworks({ ports: { ...anyPorts, github: taken } });
  await second.close();
  assert.deepEqual(Object.values(usualPorts), [4010, 4011, 4012, 4013, 4014]);
});

test('the demo people show linking, missing addresses and every precision of a birthday', () => {
  const all = [googlePeople, facebookPeople, applePeople, xPeople, githubPeople];
  const networksOf = (email: string) => all.filter((people) => people.some((person) => person.email === email)).length;
  assert.ok(networksOf('sofia-marchetti@gmail.com') >= 3);
  assert.ok(networksOf('jonas@aurora-studio.example') >= 3);
  assert.ok(networksOf('amelie.laurent@example.com') >= 3);
  assert.ok(all.flat().some((person) => person.email === undefined));
  const birthdays = facebookPeople.map(({ birthday }) => Object.keys(birthday ?? {}).join());
  assert.deepEqual(new Set(birthdays), new Set(['year,month,day', 'month,day', 'year', '']));
  for (const people of [...all, otherPeople]) {
    assert.equal(new Set(people.map((person) => person.id)).size, people.length);
  }
  for (const people of [facebookPeople, xPeople, githubPeople]) {
    for (const person of people) assert.match(person.id, /^\d+$/);
  }
  const likes = likePages(0, pageCount);
  assert.equal(new Set(likes.map((page) => page.id)).size, pageCount);
  assert.deepEqual(
    likes.map((page) => page.likedAt),
    likes
      .map((page) => page.likedAt)
      .sort()
      .reverse(),
  );
});
