import type { TFunction } from 'i18next';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { showNotice } from '../../../ui/notice';

/** Asks where to, and writes the report there: a page for people in the language, or JSON. Nothing happens when the dialog is left. */
export async function saveReport(
  t: TFunction<'migration'>,
  job: Pick<MigrationJobView, 'id' | 'name'>,
  language: 'en' | 'zh-CN',
): Promise<void> {
  const file = await api.app.pickSaveFile({
    title: t('report.title'),
    suggestedName: `migration-${job.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)}.html`,
    filters: [
      { name: 'HTML', extensions: ['html'] },
      { name: 'JSON', extensions: ['json'] },
    ],
  });
  if (file === null) return;
  await api.migration.saveReport({ id: job.id, fileToken: file.token, language });
  showNotice(t('report.saved', { name: file.name }));
}
