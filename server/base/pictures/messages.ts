// What server and child process say to each other. The bytes of a file stand beside the message, in base64.
import { z } from 'zod';
import type { PictureKind } from './picture.ts';

/** Make a picture of what stands beside this. */
export type ToCleaner = { readonly id: number; readonly kind: PictureKind; readonly isSvg: boolean };

/** `made` comes with the new picture. What no child of ours says is an error: it may have been taken over. */
export const fromCleaner = z.discriminatedUnion('is', [
  z.object({ is: z.literal('started') }),
  z.object({ is: z.literal('made'), id: z.number() }),
  z.object({ is: z.literal('refused'), id: z.number() }),
]);
export type FromCleaner = z.infer<typeof fromCleaner>;
