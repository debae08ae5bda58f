import { Button, Modal, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditTarget, NewValue } from '../../../../shared/model/edit';
import type { Row } from '../../../../shared/model/query';
import { visibleText } from '../../../ui/visible-text';
import classes from './edit.module.css';
import type { EditState, Side } from './edit-store';

/** Characters of a value in the table. */
const SHOWN = 200;

export interface ConflictsDialogProps {
  readonly state: EditState;
  readonly target: EditTarget;
  /** The row as the person saw it before. */
  readonly seen: (row: number) => Row | undefined;
  readonly onDecide: (sides: ReadonlyMap<number, Side>) => void;
  readonly onClose: () => void;
}

const words = (value: NewValue | undefined): string => {
  if (value === undefined) return '';
  if (value === null) return 'NULL';
  if (value === '') return "''";
  return typeof value === 'string' ? visibleText(value.slice(0, SHOWN)) : 'DEFAULT';
};

/** Rows that somebody else has changed meanwhile: whose values are to stay. */
export function ConflictsDialog({ state, target, seen, onDecide, onClose }: ConflictsDialogProps) {
  const { t } = useTranslation('data');
  const rows = [...state.conflicts.keys()];
  const [sides, setSides] = useState<ReadonlyMap<number, Side>>(() => new Map(rows.map((row) => [row, 'theirs'])));
  const all = (side: Side) => setSides(new Map(rows.map((row) => [row, side])));
  return (
    <Modal opened onClose={onClose} title={t('conflicts.title', { count: rows.length })} size="var(--wizard-width)">
      <div className={classes.dialog}>
        <p className={classes.lead}>{t('conflicts.text')}</p>
        {rows.length > 1 ? (
          <div className={classes.dialogActions}>
            <Button size="xs" variant="default" onClick={() => all('mine')}>
              {t('conflicts.allMine')}
            </Button>
            <Button size="xs" variant="default" onClick={() => all('theirs')}>
              {t('conflicts.allTheirs')}
            </Button>
          </div>
        ) : null}
        <div className={classes.conflicts} role="group" aria-label={t('conflicts.list')}>
          {rows.map((row) => (
            <Conflict
              key={row}
              row={row}
              state={state}
              target={target}
              before={seen(row)}
              side={sides.get(row) ?? 'theirs'}
              onSide={(side) => setSides(new Map(sides).set(row, side))}
            />
          ))}
        </div>
        <div className={classes.dialogActions}>
          <span className={classes.gap} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button onClick={() => onDecide(sides)}>{t('conflicts.apply')}</Button>
        </div>
      </div>
    </Modal>
  );
}

interface ConflictProps {
  readonly row: number;
  readonly state: EditState;
  readonly target: EditTarget;
  readonly before: Row | undefined;
  readonly side: Side;
  readonly onSide: (side: Side) => void;
}

function Conflict({ row, state, target, before, side, onSide }: ConflictProps) {
  const { t } = useTranslation('data');
  const theirs = state.conflicts.get(row) ?? null;
  const mine = state.staging.now.changed.get(row) ?? {};
  const name = target.key.map((index) => words(before?.[index] ?? null)).join(', ');
  const shown = target.columns.filter(
    ({ index, name: column }) =>
      column !== '' && (index in mine || (theirs !== null && before !== undefined && theirs[index] !== before[index])),
  );
  const deleting = state.staging.now.deleted.has(row);
  return (
    <section className={classes.conflict} aria-label={t('conflicts.row', { name })}>
      <header className={classes.conflictHead}>
        <span className={classes.conflictName}>{t('conflicts.row', { name })}</span>
        {theirs === null ? (
          <span className={classes.quiet}>{t('conflicts.gone')}</span>
        ) : (
          <SegmentedControl
            size="xs"
            aria-label={t('conflicts.keep')}
            value={side}
            onChange={(value) => onSide(value === 'mine' ? 'mine' : 'theirs')}
            data={[
              { value: 'theirs', label: t('conflicts.theirs') },
              { value: 'mine', label: deleting ? t('conflicts.delete') : t('conflicts.mine') },
            ]}
          />
        )}
      </header>
      <table className={classes.sides}>
        <thead>
          <tr>
            <th scope="col">{t('conflicts.column')}</th>
            <th scope="col">{t('conflicts.before')}</th>
            <th scope="col">{t('conflicts.yours')}</th>
            <th scope="col">{t('conflicts.now')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ index, name: column }) => (
            <tr key={index}>
              <th scope="row">{visibleText(column)}</th>
              <td>{words(before?.[index])}</td>
              <td>{deleting ? '—' : words(index in mine ? mine[index] : before?.[index])}</td>
              <td>{theirs === null ? '—' : words(theirs[index])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
