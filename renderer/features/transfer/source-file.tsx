import { Button, Skeleton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './import-wizard.module.css';
import { PreviewCard } from './preview-card';
import type { SourceStepProps } from './source-step';

/** Picks a dump and shows what it is. */
export function SourceFile({ draft, onChange }: SourceStepProps) {
  const { t } = useTranslation('transfer');
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);

  const pick = async () => {
    setError(null);
    try {
      const file = await api.app.pickFile({
        title: t('file.pick'),
        filters: [
          { name: t('file.dumps'), extensions: ['sql', 'gz', 'dump', 'backup', 'custom', 'tar', 'pgdump'] },
          { name: t('file.all'), extensions: ['*'] },
        ],
        purpose: 'import',
      });
      if (file === null) return;
      stop.current?.abort();
      const reader = new AbortController();
      stop.current = reader;
      setReading(true);
      const picked = { token: file.token, name: file.name };
      const fresh = {
        ...draft,
        file: picked,
        preview: null,
        newName: null,
        chosenOnly: false,
        options: { ...draft.options, schemas: [], tables: [], allowUnsafeCommands: false },
      };
      onChange(fresh);
      const preview = await api.transfer.preview({ fileToken: file.token }, reader.signal);
      onChange({ ...fresh, preview });
    } catch (thrown) {
      if (errorInfo(thrown).code !== 'cancelled') setError(thrown);
    } finally {
      setReading(false);
    }
  };

  const cancel = () => {
    stop.current?.abort();
    onChange({ ...draft, file: null, preview: null });
  };

  const button = (
    <Button
      variant={draft.file === null ? 'filled' : 'default'}
      leftSection={<IconFileImport size={16} stroke={1.5} />}
      disabled={reading}
      onClick={() => void pick()}
    >
      {t(draft.file === null ? 'file.pick' : 'file.another')}
    </Button>
  );
  if (draft.file === null)
    return (
      <>
        <div className={classes.drop}>
          <div className={classes.muted}>{t('file.kinds')}</div>
          {button}
        </div>
        {error === null ? null : <ErrorPanel error={error} />}
      </>
    );
  return (
    <>
      {draft.preview === null ? (
        <div className={classes.card} role="status" aria-label={t('file.reading', { name: draft.file.name })}>
          <div className={classes.cardTitle}>{t('file.reading', { name: draft.file.name })}</div>
          {reading ? <Skeleton height={90} /> : null}
        </div>
      ) : (
        <PreviewCard preview={draft.preview} draft={draft} onChange={onChange} />
      )}
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void pick()} />}
      <div className={classes.row}>
        {button}
        {reading ? (
          <Button variant="subtle" onClick={cancel}>
            {t('cancel')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
