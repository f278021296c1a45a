import { createHash } from 'node:crypto';

/**
 * What it is for: `portrait` of a person, 512 pixels a side at most; `preview` of what staff typed, 1024, SVG as well;
 * `preview-dark` the same on a dark ground, as a drawing may say that it is another one there.
 */
export const pictureKinds = ['portrait', 'preview', 'preview-dark'] as const;
export type PictureKind = (typeof pictureKinds)[number];

/** A picture that this server made anew of one from elsewhere: WebP, still, nothing in it but pixels. */
export class Picture {
  static readonly type = 'image/webp';
  readonly bytes: Buffer;
  /** Its entity tag (RFC 9110, 8.8.3): the same bytes have the same. */
  readonly tag: string;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  }
}
