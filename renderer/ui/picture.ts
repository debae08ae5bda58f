import { AppError, type ErrorInfo } from '../../shared/errors';

/** Reads a token of the page, e.g. `--accent`: a file carries the colours of the theme it was made in. */
export type TokenOf = (name: string) => string;

/** Of the page as it stands now. */
export const tokenOf: TokenOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A drawing as a file that needs nothing else; sizes in units of the drawing. */
export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** Text as XML holds it; characters that XML 1.0 can't hold are replaced. */
export const xmlText = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A side and an area that every graphics card draws. */
const MOST_SIDE = 16_000;
const MOST_AREA = 120_000_000;

/** How many pixels a unit of the drawing gets in a PNG: two where that fits. Null when names could not be read any more. */
export function pictureScale(width: number, height: number): number | null {
  const scale = Math.min(2, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_AREA / (width * height)));
  return scale < 0.4 ? null : scale;
}

/** A picture as the bytes of a PNG. Fails with `invalid-input`, in the words of `tooLarge`, when it would be too large to be read. */
export async function pngOf(
  { svg, width, height }: Picture,
  tooLarge: Pick<ErrorInfo, 'message' | 'hint'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = pictureScale(width, height);
  if (scale === null) {
    throw new AppError({
      code: 'invalid-input',
      ...tooLarge,
      detail: `${width} × ${height} units; names could not be read in the largest picture that can be drawn.`,
    });
  }
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new AppError({ code: 'invalid-input', message: 'The picture could not be made' });
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(address);
  }
}
