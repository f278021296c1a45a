import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp, { type Metadata } from 'sharp';
import { openOutside, openTestPictures, plain } from '../../../test/pictures.ts';
import { KeptPictures } from './kept-pictures.ts';
import { Picture } from './picture.ts';

type Shown = Pick<Metadata, 'format' | 'width' | 'height' | 'exif' | 'icc' | 'xmp' | 'pages' | 'orientation'>;

async function look(bytes: Buffer | undefined): Promise<Shown> {
  assert.ok(bytes);
  return sharp(bytes).metadata();
}

test('what browsers show becomes WebP of a bounded size, whatever it is called', async () => {
  await using outside = await openOutside({
    '/jpeg': await plain(1600, 800).jpeg().toBuffer(),
    '/png': await plain(1600, 800).png().toBuffer(),
    '/webp': await plain(1600, 800).webp().toBuffer(),
    '/gif': await plain(1600, 800).gif().toBuffer(),
    '/avif': await plain(1600, 800).avif({ effort: 0 }).toBuffer(),
    '/small': await plain(60, 40).png().toBuffer(),
  });
  await using pictures = openTestPictures([outside]);
  assert.equal(pictures.work().process, undefined, 'no process before the first picture');
  for (const name of ['jpeg', 'png', 'webp', 'gif', 'avif']) {
    const portrait = await look((await pictures.read(`${outside.url}/${name}`, 'portrait'))?.bytes);
    assert.deepEqual([portrait.format, portrait.width, portrait.height], ['webp', 512, 256], name);
  }
  const preview = await look((await pictures.read(`${outside.url}/jpeg`, 'preview'))?.bytes);
  assert.deepEqual([preview.width, preview.height], [1024, 512]);
  const small = await pictures.read(`${outside.url}/small`, 'portrait');
  assert.ok(small);
  const { data } = await sharp(small.bytes).raw().toBuffer({ resolveWithObject: true });
  const [red = 0, green = 0, blue = 0] = data;
  assert.ok(red > 180 && green < 45 && blue < 80, 'the same colours');
  assert.equal((await look(small.bytes)).width, 60, 'small ones are not blown up');
});

test('security row 18: where and with what a photograph was taken goes, its turn is applied; a moving picture stands still', async () => {
  const photograph = await plain(300, 200)
    .withExif({ IFD0: { Make: 'Planted' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' } })
    .withMetadata({ orientation: 6 })
    .withIccProfile('p3')
    .jpeg()
    .toBuffer();
  const told = await look(photograph);
  assert.ok(told.exif && told.icc && told.orientation === 6 && photograph.includes('Planted'));
  const frames = await Promise.all(['#f00', '#00f'].map((colour) => plain(50, 50, colour).png().toBuffer()));
  const moving = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  assert.equal((await look(moving)).pages, 2);
  await using outside = await openOutside({ '/photograph': photograph, '/moving': moving });
  await using pictures = openTestPictures([outside]);
  const made = await pictures.read(`${outside.url}/photograph`, 'portrait');
  const { exif, icc, xmp, orientation, width, height } = await look(made?.bytes);
  assert.deepEqual([exif, icc, xmp, orientation], [undefined, undefined, undefined, undefined]);
  assert.deepEqual([width, height], [200, 300]);
  const still = await pictures.read(`${outside.url}/moving`, 'portrait');
  const { pages = 1, height: one } = await look(still?.bytes);
  assert.deepEqual([pages, one], [1, 50]);
});

test('many who ask for one picture are one request; it is kept for an hour, and for five minutes that there is none', async () => {
  await using outside = await openOutside({ '/one': await plain().png().toBuffer() });
  await using pictures = openTestPictures([outside]);
  const [one, none] = [`${outside.url}/one`, `${outside.url}/none`];
  const many = await Promise.all(Array.from({ length: 20 }, () => pictures.read(one, 'portrait')));
  assert.equal(new Set(many.map((picture) => picture?.tag)).size, 1);
  assert.equal(await pictures.read(none, 'portrait'), undefined);
  assert.equal(await pictures.read(none, 'portrait'), undefined);
  assert.deepEqual(
    outside.asked.map(({ url }) => url),
    ['/one', '/none'],
  );
  assert.ok(pictures.work().kept > 50);
  const start = Date.now();
  const at = async (seconds: number) => {
    mock.timers.enable({ apis: ['Date'], now: start + seconds * 1000 });
    await Promise.all([pictures.read(one, 'portrait'), pictures.read(none, 'portrait')]);
    mock.timers.reset();
    return outside.asked.length;
  };
  assert.equal(await at(280), 2);
  assert.equal(await at(320), 3, 'whether there is one by now');
  assert.equal(await at(3590), 4);
  assert.equal(await at(3620), 5, 'the picture of an hour ago');
});

test('pictures are kept up to 8 MB, the last that were used', () => {
  const kept = new KeptPictures();
  const ofOneMb = () => new Picture(Buffer.alloc(2 ** 20));
  for (const key of '01234567') kept.set(key, ofOneMb());
  assert.equal([...'01234567'].filter((key) => kept.get(key)).length, 7);
  assert.equal(kept.get('0'), undefined, 'with its address it was too much');
  assert.ok(kept.get('1'));
  kept.set('8', ofOneMb());
  kept.set('1', ofOneMb());
  assert.deepEqual(
    ['1', '2', '3'].map((key) => kept.get(key) !== undefined),
    [true, false, true],
  );
  assert.ok(kept.bytes <= 8 * 2 ** 20 && kept.bytes > 6.9 * 2 ** 20);
  for (let each = 0; each < 6000; each += 1) kept.set(`none ${each}`, undefined);
  assert.equal(kept.get('none 999'), undefined);
  assert.ok(kept.get('none 1000'));
});

test('the process ends when no picture has come for a while, and the next one has another', async () => {
  await using outside = await openOutside({
    '/one': await plain().png().toBuffer(),
    '/two': await plain().png().toBuffer(),
  });
  await using pictures = openTestPictures([outside], 50);
  assert.ok(await pictures.read(`${outside.url}/one`, 'portrait'));
  const { process: first } = pictures.work();
  assert.ok(first);
  await until(() => pictures.work().process === undefined && !isAlive(first));
  assert.ok(await pictures.read(`${outside.url}/two`, 'portrait'));
});

test('a process that dies costs the picture that it had, and no other', async () => {
  const large = await plain(5000, 4600).avif({ effort: 0 }).toBuffer();
  await using outside = await openOutside({ '/large': large, '/one': await plain().png().toBuffer() });
  await using pictures = openTestPictures([outside]);
  const lost = pictures.read(`${outside.url}/large`, 'portrait');
  await until(() => pictures.work().memory >= 60 * 2 ** 20);
  const behind = pictures.read(`${outside.url}/one`, 'portrait');
  process.kill(pictures.work().process ?? 0, 'SIGKILL');
  assert.equal(await lost, undefined);
  assert.ok(await behind);
});

async function until(isSo: () => boolean): Promise<void> {
  const begun = performance.now();
  while (!isSo()) {
    assert.ok(performance.now() - begun < 20_000, 'it took too long');
    await sleep(2);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
