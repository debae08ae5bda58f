import { api } from '../../../api';

/** Asks where to, and writes bytes there; false when the person thought better of it. */
export async function saveBytes(
  content: Uint8Array<ArrayBuffer>,
  dialog: { readonly title: string; readonly suggestedName: string; readonly extension: string },
): Promise<boolean> {
  const file = await api.app.pickSaveFile({
    title: dialog.title,
    suggestedName: dialog.suggestedName,
    filters: [{ name: dialog.extension.toUpperCase(), extensions: [dialog.extension] }],
  });
  if (file === null) return false;
  await api.diagram.saveExport({ fileToken: file.token, content });
  return true;
}

/** What a canvas shows as a PNG, on the window's background. */
export async function pngOf(source: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  canvas.width = source.width;
  canvas.height = source.height;
  const context = canvas.getContext('2d');
  if (context) {
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--background').trim();
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, 0, 0);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new Uint8Array(blob === null ? new ArrayBuffer(0) : await blob.arrayBuffer());
}
