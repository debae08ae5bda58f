import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectSelection } from '../../../../shared/model/migration';
import { api } from '../../../api';
import { ErrorPanel } from '../../../ui/error-panel';
import { useAsked } from '../use-asked';
import classes from './picker.module.css';
import { addNeeded } from './selection-needs';

export interface ClosureNotesProps {
  readonly jobId: string;
  readonly selection: ObjectSelection;
  readonly onChange: (selection: ObjectSelection) => void;
}

/** Most notes that are read out; the rest is counted. */
const SHOWN = 8;
/** After the last tick. */
const QUIET_MS = 700;
const ORDER = { gap: 0, add: 1, comes: 2 } as const;

/** What the chosen objects need beyond what was chosen. */
export function ClosureNotes({ jobId, selection, onChange }: ClosureNotesProps) {
  const { t } = useTranslation('migration');
  const wanted = selection.databases.some(({ mode }) => mode === 'partial');
  const key = wanted ? `${jobId} ${JSON.stringify(selection.databases)}` : null;
  const notes = useAsked(key, (signal) => api.migration.closure({ id: jobId, objects: selection }, signal), QUIET_MS);
  if (!wanted) return null;
  if (notes.error !== null)
    return <ErrorPanel title={t('wizard.closure.failed')} error={notes.error} onRetry={notes.again} />;
  const sorted = (notes.value ?? []).toSorted((a, b) => ORDER[a.how] - ORDER[b.how]);
  const missing = sorted.filter(({ how }) => how === 'add');
  const told = sorted.filter(({ how }) => how !== 'comes').length;
  return (
    <section className={classes.closure} aria-label={t('wizard.closure.title')}>
      <div className={classes.closureHead}>
        <strong>{t('wizard.closure.title')}</strong>
        <span className={classes.muted} role="status">
          {notes.busy
            ? t('wizard.closure.looking')
            : told === 0
              ? t('wizard.closure.closed')
              : t('wizard.closure.open', { count: told })}
        </span>
        {missing.length > 0 ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} />}
            disabled={notes.busy}
            onClick={() => onChange(addNeeded(selection, missing))}
          >
            {t('wizard.closure.add', { count: missing.length })}
          </Button>
        ) : null}
      </div>
      {sorted.length === 0 ? null : (
        <ul className={classes.notes}>
          {sorted.slice(0, SHOWN).map((note) => {
            const Icon = note.how === 'comes' ? IconInfoCircle : IconAlertTriangle;
            const { kind, schema, name } = note.needs;
            return (
              <li key={JSON.stringify(note)} data-how={note.how}>
                <Icon size={16} stroke={1.5} aria-hidden />
                <span>
                  {t(`wizard.closure.notes.${note.how}`, {
                    object: note.object,
                    database: note.database,
                    needs: `${kind} ${schema === '' ? name : `${schema}.${name}`}`,
                  })}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {sorted.length > SHOWN ? (
        <p className={classes.muted}>{t('wizard.closure.more', { count: sorted.length - SHOWN })}</p>
      ) : null}
    </section>
  );
}
