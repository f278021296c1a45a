import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { PictureKind } from './picture.ts';
import { bomb, openOutside, openTestPictures, plain } from './test-pictures.ts';

test('security row 11: no picture is fetched from where only this server gets to, by whatever way, and nobody is told why', async () => {
  const png = await plain().png().toBuffer();
  await using inside = await openOutside({ '/secret': png });
  const { port } = new URL(inside.url);
  const led = (to: string) => (_: unknown, response: { writeHead(code: number, headers: object): { end(): void } }) =>
    response.writeHead(302, { location: to }).end();
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
    create: { width: 400, height: 300, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
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

test('pictures that would fill the memory or never end are none; the next is made all the same', async () => {
  const many = Buffer.alloc(64 * 1024, 1);
  const pour = (bytes: number) => (_: unknown, response: import('node:http').ServerResponse) => {
    response.writeHead(200, { 'content-type': 'image/png' });
    let left = bytes;
    const more = () => {
      for (; left > 0; left -= many.length) if (!response.write(many)) break;
      if (left <= 0) response.end();
    };
    response.on('drain', more);
    more();
  };
  const lies = Buffer.from(await plain(100, 100).png().toBuffer());
  lies.writeUInt32BE(4_000_000, 16);
  const laughs = Array.from({ length: 12 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
  const inner = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" height="9" href="data:image/png;base64,${(
    await bomb()
  ).toString('base64')}"/></svg>`;
  await using outside = await openOutside({
    '/bomb': await bomb(),
    '/lies': lies,
    '/50-mb': pour(50 * 2 ** 20),
    '/endless': (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const timer = setInterval(() => response.write('.'), 100);
      response.on('close', () => clearInterval(timer));
    },
    '/silent': () => undefined,
    '/packed': (_, response) =>
      response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(Buffer.alloc(20 * 2 ** 20))),
    '/laughs.svg': `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&l12;</text></svg>`,
    '/inner.svg': inner,
    '/wide.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9000000" height="1"/>',
    '/good': await plain().png().toBuffer(),
  });
  await using pictures = openTestPictures([outside]);
  const largest = { server: 0, process: 0 };
  const before = process.memoryUsage.rss();
  const watch = setInterval(() => {
    largest.server = Math.max(largest.server, process.memoryUsage.rss() - before);
    largest.process = Math.max(largest.process, pictures.work().memory);
  }, 5);
  const begun = performance.now();
  const refused: readonly [PictureKind, string][] = [
    ...['bomb', 'lies', '50-mb', 'endless', 'silent', 'packed'].map((path): [PictureKind, string] => [
      'portrait',
      path,
    ]),
    ['preview', 'laughs.svg'],
  ];
  await Promise.all(
    refused.map(async ([kind, path]) =>
      assert.equal(await pictures.read(`${outside.url}/${path}`, kind), undefined, path),
    ),
  );
  // What cannot be drawn of these is left out; they are pictures all the same.
  for (const path of ['inner.svg', 'wide.svg']) await pictures.read(`${outside.url}/${path}`, 'preview');
  clearInterval(watch);
  assert.ok(performance.now() - begun < 25_000, 'deadlines hold');
  assert.ok(largest.process < 400 * 2 ** 20, `the process took ${largest.process} bytes`);
  assert.ok(largest.server < 150 * 2 ** 20, `the server took ${largest.server} bytes`);
  assert.ok(await pictures.read(`${outside.url}/good`, 'portrait'));
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
