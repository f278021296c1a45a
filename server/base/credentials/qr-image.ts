import { encodeQR } from 'qr';

/**
 * A QR code as the address of an image (`data:`, SVG), black on white with the quiet border that scanners need
 * whatever the page's colours. Our pages allow such images and no inline markup.
 */
export function qrImage(text: string): string {
  const svg = encodeQR(text, 'svg', { ecc: 'medium', border: 4 });
  const onWhite = svg.replace(/(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="#fff"/>');
  return `data:image/svg+xml;base64,${Buffer.from(onWhite).toString('base64')}`;
}
