import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../../shared/model/catalog';
import { displayName } from '../../../../shared/model/catalog-rules';
import { folderOfKind } from '../menu/creatable';

/** Objects in words: `table shop.orders`, `3 tables`, `4 objects`. */
export function useObjectsInWords(): (objects: readonly ObjectRef[]) => string {
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  return (objects) => {
    const [first] = objects;
    if (first === undefined) return '';
    if (objects.length === 1)
      return t('one', { kind: words(`kinds.${first.kind}`).toLowerCase(), name: displayName(first) });
    const folder = objects.every(({ kind }) => kind === first.kind) ? folderOfKind(first.kind) : undefined;
    return folder === undefined
      ? t('several', { count: objects.length })
      : t('many', { count: objects.length, kinds: words(`folders.${folder}`).toLowerCase() });
  };
}
