import type { TFunction } from 'i18next';
import { createSql } from '../../../shared/model/diagram-sql';
import { api } from '../../api';
import { showNotice } from '../../ui/notice';
import { pngOf, tokenOf } from '../../ui/picture';
import type { DrawingWords } from './draw-table';
import { pictureOf } from './picture';
import { sceneOf } from './scene';
import type { DiagramTab } from './store';

type T = TFunction<'diagram'>;
const EXTENSION = 'howdah-diagram';
const TOO_LARGE = {
  message: 'The diagram is too large for a PNG',
  hint: 'Export it as SVG, or show the keys or names only.',
};

/** Saves the diagram where it is kept, or asks where; `as` always asks. */
export async function saveDiagram(tab: DiagramTab, name: string, as: boolean, t: T): Promise<void> {
  const { history, file } = tab.store.getState();
  let target = as ? null : file;
  if (!target) {
    const suggestedName = file?.name ?? `${name}.${EXTENSION}`;
    target = await api.app.pickSaveFile({
      title: t('deeds.save'),
      suggestedName,
      filters: [{ name: t('file.kind'), extensions: [EXTENSION] }],
    });
    if (!target) return;
  }
  await api.diagram.save({ fileToken: target.token, diagram: history.present });
  tab.saved(history.present, target);
  showNotice(t('file.saved', { name: target.name }));
}

/** Asks for a file and reads it; null when the person thought better of it. */
export async function openDiagram(t: T) {
  const picked = await api.app.pickFile({
    title: t('start.open'),
    purpose: 'import',
    filters: [{ name: t('file.kind'), extensions: [EXTENSION] }],
  });
  if (!picked) return null;
  const { diagram, name, saveToken } = await api.diagram.open({ fileToken: picked.token });
  return { diagram, file: { token: saveToken, name } };
}

/** Writes the diagram as a picture or as a script. */
export async function exportDiagram(
  tab: DiagramTab,
  name: string,
  format: 'svg' | 'png' | 'sql',
  words: DrawingWords,
  t: T,
): Promise<void> {
  const { history, detail } = tab.store.getState();
  const make = async (): Promise<string | Uint8Array<ArrayBuffer>> => {
    if (format === 'sql') return createSql(history.present);
    const picture = pictureOf(sceneOf(history.present, detail), words, tokenOf);
    return format === 'svg' ? picture.svg : await pngOf(picture, TOO_LARGE);
  };
  // Made before the place is asked for: what can't be made is told at once.
  const content = await make();
  const target = await api.app.pickSaveFile({
    title: t(`deeds.export-${format}`),
    suggestedName: `${name}.${format}`,
    filters: [{ name: format.toUpperCase(), extensions: [format] }],
  });
  if (!target) return;
  await api.diagram.saveExport({ fileToken: target.token, content });
  showNotice(t('file.saved', { name: target.name }));
}
