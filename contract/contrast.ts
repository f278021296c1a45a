/** A colour as three channels of 0 to 255. */
type Rgb = readonly [number, number, number];

/** How many times lighter one `#rrggbb` colour is than the other, 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(a: string, b: string): number {
  const [light = 1, dark = 0] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** `wanted` if it can be read on `ground` (at least `ratio`), else the nearest mix towards black or white that can. */
export function readableOn(ground: string, wanted: string, ratio = 4.5): string {
  if (contrast(ground, wanted) >= ratio) return wanted;
  const target = contrast(ground, '#ffffff') >= contrast(ground, '#000000') ? '#ffffff' : '#000000';
  for (let share = 0.1; share < 1; share += 0.1) {
    const mixed = mix(wanted, target, share);
    if (contrast(ground, mixed) >= ratio) return mixed;
  }
  return target;
}

function mix(a: string, b: string, share: number): string {
  const other = parse(b);
  const channels = parse(a).map((value, i) => Math.round(value + ((other[i] ?? 0) - value) * share));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function parse(colour: string): Rgb {
  const bits = Number.parseInt(colour.slice(1), 16);
  return [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
