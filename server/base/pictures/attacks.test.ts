import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { pino } from 'pino';
import sharp from 'sharp';
import { bomb, openOutside, openTestPictures, plain } from '../../../test/pictures.ts';
import { openCleaner } from './cleaner.ts';

test('security row 11: no picture is fetched from where only this server gets to, by whatever way, and nobody is told why', async () => {
  const png = await plain().png().toBuffer();
  await using inside = await openOutside({ '/secret': png });
  const { port } = new URL(inside.url);
  const led = (to: string) => (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(302, { location: to }).end();
  };
  await using outside = await openOutside({
    '/led': led(`${inside.url}/secret`),
    '/led-by-name': led(`http://localhost:${port}/secret`),
    '/round': led('/round'),
    '/to-file': led('file:///etc/passwd'),
    '/good': png,
    '/led-here': led('/good'),
  });
  await using pictures = openTestPictures([outside]);
  assert.ok(await pictures.read(`${outside.url}/led-here`, 'portrait'), 'a redirect to where one may is followed');
  for (const scheme of ['http', 'https']) {
    for (const host of [
      ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '0177.0.0.1', 'localhost', 'LOCALHOST', '[::1]', '0.0.0.0'],
      ...[
        '[::ffff:127.0.0.1]',
        '[::ffff:7f00:1]',
        '[64:ff9b::7f00:1]',
        '169.254.169.254',
        '10.0.0.1',
        'user@127.0.0.1',
      ],
    ])
      assert.equal(await pictures.read(`${scheme}://${host}:${port}/secret`, 'portrait'), undefined, host);
  }
  for (const address of [
    ...['/led', '/led-by-name', '/round', '/to-file'].map((path) => `${outside.url}${path}`),
    ...['file:///etc/passwd', 'data:image/png;base64,AAAA', 'ftp://x.example/', '//x.example/', 'x', '', 'https://'],
  ])
    assert.equal(await pictures.read(address, 'preview'), undefined, address);
  assert.equal(inside.asked.length, 0);
});

test('what is not the umbrella’s own is asked by https alone', async () => {
  const names: string[] = [];
  await using pictures = openTestPictures([], undefined, (name) => names.push(name));
  for (const address of ['http://plain.example/x', 'HTTP://PLAIN.example/x', 'https://safe.example/x'])
    assert.equal(await pictures.read(address, 'portrait'), undefined);
  assert.deepEqual(names, ['safe.example']);
});

test('security row 11: the other site is told neither who looks nor from where', async () => {
  await using outside = await openOutside({ '/one': await plain().png().toBuffer() });
  await using pictures = openTestPictures([outside]);
  await pictures.read(`${outside.url}/one`, 'portrait');
  const [request] = outside.asked;
  assert.deepEqual(Object.keys(request?.headers ?? {}).sort(), [
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ]);
  assert.equal(request?.headers['user-agent'], 'Regulars');
});

test('security row 18: what is no picture, or half of one, is none, whatever its server calls it', async () => {
  const photograph = await sharp({
    create: {
      width: 400,
      height: 300,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
  const tiff = await plain().tiff().toBuffer();
  await using outside = await openOutside({
    '/html': '<!doctype html><script>top.ran = 1</script>',
    '/cut': photograph.subarray(0, photograph.length / 2),
    '/head': photograph.subarray(0, 20),
    '/text': 'nothing but text',
    '/empty': '',
    '/tiff': tiff,
    '/pdf': '%PDF-1.7\n1 0 obj<<>>endobj',
    '/svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    '/refused': (_, response) => response.writeHead(403).end(photograph),
    '/whole': photograph,
  });
  await using pictures = openTestPictures([outside]);
  for (const path of ['html', 'cut', 'head', 'text', 'empty', 'tiff', 'pdf', 'svg', 'refused'])
    assert.equal(await pictures.read(`${outside.url}/${path}`, 'portrait'), undefined, path);
  for (const path of ['html', 'cut', 'tiff', 'pdf'])
    assert.equal(await pictures.read(`${outside.url}/${path}`, 'preview'), undefined, path);
  assert.ok(await pictures.read(`${outside.url}/whole`, 'portrait'));
});

test('security row 18: of a drawing nothing runs and nothing is loaded: pixels are left', async () => {
  await using outside = await openOutside();
  const place = new URL('./pictures.ts', import.meta.url).href;
  const drawing = `<?xml version="1.0"?>
    <!DOCTYPE svg [<!ENTITY planted SYSTEM "file:///etc/passwd">]>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30"
      onload="fetch('${outside.url}/ran')">
      <script>fetch('${outside.url}/ran')</script>
      <style>@import url('${outside.url}/style');</style>
      <image href="${outside.url}/image" width="9" height="9"/>
      <image xlink:href="${place}" width="9" height="9"/>
      <use href="${outside.url}/use#x"/>
      <foreignObject><iframe src="${outside.url}/frame"/></foreignObject>
      <rect width="40" height="30" fill="#0a0"/>
    </svg>`;
  outside.answers = { '/logo.svg': drawing };
  await using pictures = openTestPictures([outside]);
  const made = await pictures.read(`${outside.url}/logo.svg`, 'preview');
  assert.ok(made);
  const { format, width, height } = await sharp(made.bytes).metadata();
  assert.deepEqual([format, width, height], ['webp', 512, 384], 'drawn as large as it can be needed');
  assert.doesNotMatch(made.bytes.toString('latin1'), /script|http/);
  assert.deepEqual(
    outside.asked.map(({ url }) => url),
    ['/logo.svg'],
  );
});

test('a drawing that is another one on a dark ground is drawn so there', async () => {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>
    .ink { fill: #fff } @media (prefers-color-scheme: dark) { .other { fill: #00f } .ink { fill: #0a0 } }</style>
    <rect class="ink" width="9" height="9"/></svg>`;
  await using outside = await openOutside({ '/logo.svg': drawing });
  await using pictures = openTestPictures([outside]);
  const colours = [];
  for (const kind of ['preview', 'preview-dark'] as const) {
    const made = await pictures.read(`${outside.url}/logo.svg`, kind);
    const { channels } = await sharp(made?.bytes).stats();
    colours.push(channels.slice(0, 3).map(({ mean }) => Math.round(mean / 20)));
  }
  assert.deepEqual(colours, [
    [13, 13, 13],
    [0, 9, 0],
  ]);
});

test('files that are too long or never end are none, and nobody waits for them for long', async () => {
  const many = Buffer.alloc(64 * 1024, 1);
  await using outside = await openOutside({
    '/50-mb': (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      let left = 50 * 2 ** 20;
      const more = () => {
        for (; left > 0; left -= many.length) if (!response.write(many)) break;
        if (left <= 0) response.end();
      };
      response.on('drain', more);
      more();
    },
    '/endless': (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const timer = setInterval(() => response.write('.'), 100);
      response.on('close', () => clearInterval(timer));
    },
    '/silent': () => undefined,
    '/packed': (_, response) => {
      response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(Buffer.alloc(20 * 2 ** 20)));
    },
    '/good': await plain().png().toBuffer(),
  });
  await using pictures = openTestPictures([outside]);
  let largest = 0;
  const before = process.memoryUsage.rss();
  const watch = setInterval(() => {
    largest = Math.max(largest, process.memoryUsage.rss() - before);
  }, 5);
  const begun = performance.now();
  await Promise.all(
    ['50-mb', 'endless', 'silent', 'packed'].map(async (path) => {
      assert.equal(await pictures.read(`${outside.url}/${path}`, 'portrait'), undefined, path);
    }),
  );
  clearInterval(watch);
  assert.ok(performance.now() - begun < 10_000);
  assert.ok(largest < 40 * 2 ** 20, `the server took ${largest} bytes`);
  assert.equal(pictures.work().process, undefined, 'none of these was worth a process');
  assert.ok(await pictures.read(`${outside.url}/good`, 'portrait'));
});

test('security row 18: a small file of 50,000 by 50,000 pixels is refused before it is decoded, and so is all beyond 24 megapixels', async () => {
  const lies = await plain(100, 100).png().toBuffer();
  lies.writeUInt32BE(4_000_000, 16);
  await using outside = await openOutside({
    '/good': await plain(4900, 4890).png().toBuffer(),
    '/more': await plain(4900, 4900).png().toBuffer(),
    '/bomb': await bomb(),
    '/lies': lies,
  });
  await using pictures = openTestPictures([outside]);
  assert.ok(await pictures.read(`${outside.url}/good`, 'portrait'));
  const { process: first } = pictures.work();
  let largest = 0;
  const watch = setInterval(() => {
    largest = Math.max(largest, pictures.work().memory);
  }, 1);
  for (const path of ['more', 'bomb', 'lies'])
    assert.equal(await pictures.read(`${outside.url}/${path}`, 'portrait'), undefined, path);
  clearInterval(watch);
  assert.ok(largest < 150 * 2 ** 20, `the process took ${largest} bytes`);
  assert.equal(pictures.work().process, first, 'it was refused, and not ended');
});

test('a picture that takes too much memory or too long ends with its process; the next has another', async () => {
  const deep = await sharp({ create: { width: 4900, height: 4800, channels: 4, background: '#f00' } })
    .toColourspace('rgb16')
    .png({ progressive: true })
    .toBuffer();
  const slow = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><filter id="f">
    <feTurbulence baseFrequency="0.9" numOctaves="99"/><feGaussianBlur stdDeviation="100"/></filter>
    ${'<rect width="900" height="900" filter="url(#f)"/>'.repeat(2000)}</svg>`;
  await using outside = await openOutside({ '/deep': deep, '/slow': slow, '/good': await plain().png().toBuffer() });
  await using pictures = openTestPictures([outside]);
  for (const path of ['deep', 'slow']) {
    const begun = performance.now();
    assert.equal(await pictures.read(`${outside.url}/${path}`, 'preview'), undefined, path);
    assert.equal(pictures.work().process, undefined, path);
    assert.ok(performance.now() - begun < 10_000, path);
  }
  assert.ok(await pictures.read(`${outside.url}/good`, 'portrait'));
});

test('security row 18: a drawing that says one word a million million times, or holds a bomb, is over at once', async () => {
  const laughs = Array.from({ length: 12 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
  const open = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">';
  const inside = `data:image/png;base64,${(await bomb()).toString('base64')}`;
  await using outside = await openOutside({
    '/laughs': `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]>${open}<text>&l12;</text></svg>`,
    '/inside': `${open}<image width="9" height="9" href="${inside}"/></svg>`,
    '/wide': '<svg xmlns="http://www.w3.org/2000/svg" width="9000000" height="1"/>',
    '/good': await plain().png().toBuffer(),
  });
  await using pictures = openTestPictures([outside]);
  assert.ok(await pictures.read(`${outside.url}/good`, 'preview'));
  const { process: first } = pictures.work();
  assert.equal(await pictures.read(`${outside.url}/laughs`, 'preview'), undefined);
  // What cannot be drawn of the others is left out.
  for (const path of ['inside', 'wide']) await pictures.read(`${outside.url}/${path}`, 'preview');
  assert.equal(pictures.work().process, first, 'none of them had to be ended');
});

test('the process decodes no other format, even where it is asked to', async () => {
  const cleaner = openCleaner({ log: pino({ level: 'silent' }), idleMs: 10_000 });
  assert.ok(await cleaner.clean(await plain().png().toBuffer(), 'portrait'));
  assert.equal(await cleaner.clean(await plain().tiff().toBuffer(), 'portrait'), undefined);
  await cleaner.close();
});

test('the process that decodes has nothing of the server: no environment, no file of its own choice', async () => {
  await using outside = await openOutside({ '/one': await plain().png().toBuffer() });
  await using pictures = openTestPictures([outside]);
  assert.ok(await pictures.read(`${outside.url}/one`, 'portrait'));
  const { process: id } = pictures.work();
  const environment = await readFile(`/proc/${id}/environ`, 'latin1');
  assert.deepEqual(environment.split('\0').filter(Boolean), ['VIPS_DISC_THRESHOLD=4g']);
  const words = (await readFile(`/proc/${id}/cmdline`, 'latin1')).split('\0');
  assert.ok(
    words.includes('--permission') && !words.some((word) => /allow-(child|worker|net|fs-write|wasi)/.test(word)),
  );
});
