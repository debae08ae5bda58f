import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramTableChoice } from '../../../shared/contract/diagram';
import type { DiagramTable } from '../../../shared/model/diagram';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './dialogs.module.css';
import { visible } from './geometry';
import type { DiagramDatabase } from './use-diagram-source';

export interface ExistingDialogProps {
  readonly database: DiagramDatabase;
  /** Those that are drawn already. */
  readonly tables: readonly DiagramTable[];
  readonly onAdd: (oids: number[]) => Promise<void>;
  readonly onClose: () => void;
}

/** More are found by their name. */
const MOST_SHOWN = 200;

/** Adds tables of the database that aren't drawn yet. */
export function ExistingDialog({ database, tables, onAdd, onClose }: ExistingDialogProps) {
  const { t } = useTranslation('diagram');
  const [all, setAll] = useState<readonly DiagramTableChoice[] | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const reading = new AbortController();
    api.diagram
      .tables(database, reading.signal)
      .then(setAll)
      .catch((thrown: unknown) => {
        if (!reading.signal.aborted) setError(thrown);
      });
    return () => reading.abort();
  }, [database]);
  const drawn = new Set(tables.map(({ id }) => id));
  const wanted = text.toLowerCase();
  const found = (all ?? []).filter(
    ({ oid, schema, name }) => !drawn.has(`t${oid}`) && `${schema}.${name}`.toLowerCase().includes(wanted),
  );
  const toggle = (oid: number) => {
    const next = new Set(chosen);
    if (!next.delete(oid)) next.add(oid);
    setChosen(next);
  };
  const add = async () => {
    setBusy(true);
    setError(null);
    try {
      await onAdd([...chosen]);
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('existing.title')} size={480}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen.size > 0 && !busy) void add();
        }}
      >
        <TextInput
          label={t('existing.search')}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          value={text}
          data-autofocus
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={classes.choices} aria-busy={all === null && error === null}>
          {found.slice(0, MOST_SHOWN).map(({ oid, schema, name }) => (
            <Checkbox
              key={oid}
              label={visible(`${schema}.${name}`)}
              checked={chosen.has(oid)}
              onChange={() => toggle(oid)}
            />
          ))}
          {all !== null && found.length === 0 ? <p className={classes.muted}>{t('existing.none')}</p> : null}
          {found.length > MOST_SHOWN ? (
            <p className={classes.muted}>{t('existing.more', { count: found.length - MOST_SHOWN })}</p>
          ) : null}
        </div>
        {error === null ? null : <ErrorPanel error={error} />}
        <div className={classes.actions}>
          <span className={classes.gap} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={chosen.size === 0} loading={busy}>
            {t('existing.add', { count: chosen.size })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
