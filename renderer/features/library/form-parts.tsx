import { Button, Tooltip } from '@mantine/core';
import { IconDeviceFloppy, IconTrash } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '../../../shared/errors';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { ErrorPanel } from '../../ui/error-panel';
import { SqlEditor } from '../../ui/sql-editor/sql-editor';
import { visibleText } from '../../ui/visible-text';
import { useTip } from '../../ui/tip';
import { useTabActions } from '../../ui/workbench';
import classes from './library-view.module.css';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** What is told of a field stands below it, so that fields beside each other are level. */
export const BELOW: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** What went wrong with saving: the name of the field that another one has already, or any failure. */
export interface Saving {
  readonly taken: string;
  readonly failure: unknown;
  /** Resolves to what was saved; null when it failed. */
  save<Saved>(work: () => Promise<Saved>): Promise<Saved | null>;
}

export function useSaving(): Saving {
  const [taken, setTaken] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  return {
    taken,
    failure,
    async save(work) {
      setTaken('');
      setFailure(null);
      try {
        return await work();
      } catch (error) {
        if (error instanceof AppError && error.code === 'conflict') setTaken(error.info.field ?? '');
        else setFailure(error);
        return null;
      }
    },
  };
}

/** What stands in the form of one thing, and whether it is other than what is kept; `onDirty` must stay the same function. */
export function useEntry<Entry extends object>(start: Entry, onDirty: (dirty: boolean) => void) {
  const [entry, setEntry] = useState(start);
  const [dirty, setDirty] = useState(false);
  useEffect(() => onDirty(dirty), [onDirty, dirty]);
  return {
    entry,
    dirty,
    change(part: Partial<Entry>) {
      setEntry((now) => ({ ...now, ...part }));
      setDirty(true);
    },
    /** It is kept as it stands. */
    settled: () => setDirty(false),
  };
}

/** The SQL of what is edited. */
export function SqlField(props: {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const { label, hint, text, onChange } = props;
  const [first] = useState(text);
  return (
    <div className={classes.sqlField}>
      <div className={classes.label}>{label}</div>
      {hint === '' ? null : <div className={classes.note}>{hint}</div>}
      <div className={classes.editor}>
        <SqlEditor initialText={first} label={label} marks={NO_MARKS} onChange={onChange} />
      </div>
    </div>
  );
}

const NO_MARKS: readonly never[] = [];

/** What can be done with the item: save, remove, and more. */
export function FormDeeds(props: {
  /** Empty: it is new. */
  readonly name: string;
  readonly dirty: boolean;
  readonly complete: boolean;
  readonly saving: Saving;
  readonly onSave: () => void;
  readonly onRemove: () => Promise<void>;
  readonly children?: ReactNode;
}) {
  const { name, dirty, complete, saving, onSave, onRemove, children } = props;
  const { t } = useTranslation('library');
  const [removing, setRemoving] = useState(false);
  const tip = useTip();
  const cannotSave = !dirty || !complete;
  useTabActions([
    { id: 'library.save', label: t('save'), keys: 'mod+s', disabled: cannotSave, run: onSave },
    { id: 'library.remove', label: t('remove'), disabled: name === '', run: () => setRemoving(true) },
  ]);
  return (
    <>
      {saving.failure === null ? null : <ErrorPanel error={saving.failure} />}
      <div className={classes.deeds}>
        <Tooltip label={tip(t('save'), 'library.save', 'mod+s')}>
          <Button leftSection={<IconDeviceFloppy {...icon} />} disabled={cannotSave} onClick={onSave}>
            {t('save')}
          </Button>
        </Tooltip>
        {children}
        <div className={classes.gap} />
        {name === '' ? null : (
          <Button variant="default" leftSection={<IconTrash {...icon} />} onClick={() => setRemoving(true)}>
            {t('remove')}
          </Button>
        )}
      </div>
      <ConfirmDialog
        opened={removing}
        title={t('removal.title', { item: visibleText(name) })}
        deed={t('remove')}
        danger
        onConfirm={onRemove}
        onClose={() => setRemoving(false)}
      >
        {t('removal.text')}
      </ConfirmDialog>
    </>
  );
}
