import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../../shared/errors';
import type { ObjectRef } from '../../../../shared/model/catalog';
import { api } from '../../../api/index';
import { formatCount } from '../../../ui/bytes';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import { showRunning } from '../../../ui/running-notice';

interface Counted {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
}

/** Counts the rows of a relation while a notice tells so and can stop it; another one tells the result. */
export function useCountRows(): (counted: Counted) => void {
  const { t, i18n } = useTranslation('objects');
  return (counted) => {
    const { name } = counted.object;
    const controller = new AbortController();
    const running = showRunning(t('counting', { name }), t('stop'), () => controller.abort());
    api.catalog
      .countRows(counted, controller.signal)
      .then(
        ({ rows }) => showNotice(t('counted', { name, rows: formatCount(rows, i18n.language) })),
        (error: unknown) => {
          if (errorInfo(error).code !== 'cancelled') presentError(error);
        },
      )
      .finally(running.end);
  };
}
