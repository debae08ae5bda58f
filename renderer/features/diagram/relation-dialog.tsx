import { ActionIcon, Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { IconArrowRight, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { REFERENCE_ACTIONS, type Diagram, type ReferenceAction } from '../../../shared/model/diagram';
import { tableName } from '../../../shared/model/diagram-sql';
import classes from './dialogs.module.css';
import { visible } from './geometry';
import { newId } from './new-id';
import { applyRelation, RELATION_KINDS, relationProblem, type RelationDraft } from './relation-form';

export interface RelationDialogProps {
  readonly diagram: Diagram;
  readonly start: RelationDraft;
  readonly isNew: boolean;
  readonly onSave: (diagram: Diagram) => void;
  readonly onClose: () => void;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** A foreign key: new, with the columns it needs, or of columns that are there. */
export function RelationDialog({ diagram, start, isNew, onSave, onClose }: RelationDialogProps) {
  const { t } = useTranslation('diagram');
  const [draft, setDraft] = useState(start);
  const { relation, kind } = draft;
  const problem = relationProblem(draft, diagram);
  const tables = diagram.tables.map((table) => ({ value: table.id, label: visible(tableName(table)) }));
  const columnsOf = (id: string) =>
    diagram.tables
      .find((table) => table.id === id)
      ?.columns.map(({ id: value, name }) => ({ value, label: visible(name) })) ?? [];
  const fresh = [{ from: '', to: '' }];
  const put = (change: Partial<RelationDraft['relation']>) =>
    setDraft({ ...draft, relation: { ...relation, ...change } });
  const putPair = (index: number, change: Partial<{ from: string; to: string }>) =>
    put({ pairs: relation.pairs.map((pair, at) => (at === index ? { ...pair, ...change } : pair)) });
  const action = (key: 'onUpdate' | 'onDelete') => (
    <Select
      label={t(`relation.${key}`)}
      data={REFERENCE_ACTIONS.map((value) => ({ value, label: t(`actions.${value}`) }))}
      value={relation[key]}
      allowDeselect={false}
      onChange={(value) => put({ [key]: REFERENCE_ACTIONS.find((each): each is ReferenceAction => each === value) })}
    />
  );
  return (
    <Modal opened onClose={onClose} title={t(isNew ? 'relation.new' : 'relation.edit')} size={640}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (problem !== null) return;
          onSave(applyRelation(draft, diagram, newId));
          onClose();
        }}
      >
        {isNew ? (
          <Select
            label={t('relation.kind')}
            description={t(`relation.kindText.${kind}`)}
            data={RELATION_KINDS.map((value) => ({ value, label: t(`relation.kinds.${value}`) }))}
            value={kind}
            allowDeselect={false}
            onChange={(value) => setDraft({ ...draft, kind: RELATION_KINDS.find((each) => each === value) ?? kind })}
          />
        ) : null}
        <div className={classes.pair}>
          <Select
            label={t(kind === 'many-to-many' ? 'relation.one' : 'relation.from')}
            data={tables}
            value={draft.from}
            searchable
            disabled={!isNew}
            onChange={(from) => setDraft({ ...draft, from: from ?? '', relation: { ...relation, pairs: fresh } })}
          />
          <Select
            label={t(kind === 'many-to-many' ? 'relation.other' : 'relation.to')}
            data={tables}
            value={draft.to}
            searchable
            disabled={!isNew}
            onChange={(to) => setDraft({ ...draft, to: to ?? '', relation: { ...relation, pairs: fresh } })}
          />
        </div>
        {kind === 'columns' ? (
          <>
            {relation.pairs.map((pair, index) => (
              // Pairs have no other identity than their place.
              <div key={index} className={classes.line}>
                <Select
                  aria-label={t('relation.fromColumn', { number: index + 1 })}
                  data={columnsOf(draft.from)}
                  value={pair.from}
                  searchable
                  onChange={(from) => putPair(index, { from: from ?? '' })}
                />
                <IconArrowRight {...icon} />
                <Select
                  aria-label={t('relation.toColumn', { number: index + 1 })}
                  data={columnsOf(draft.to)}
                  value={pair.to}
                  searchable
                  onChange={(to) => putPair(index, { to: to ?? '' })}
                />
                <ActionIcon
                  variant="subtle"
                  aria-label={t('relation.removePair', { number: index + 1 })}
                  disabled={relation.pairs.length === 1}
                  onClick={() => put({ pairs: relation.pairs.toSpliced(index, 1) })}
                >
                  <IconTrash {...icon} />
                </ActionIcon>
              </div>
            ))}
            <Button
              variant="default"
              leftSection={<IconPlus {...icon} />}
              onClick={() => put({ pairs: [...relation.pairs, { from: '', to: '' }] })}
            >
              {t('relation.addPair')}
            </Button>
            <TextInput
              label={t('relation.name')}
              value={relation.name}
              error={problem === 'name' ? t('problems.long') : null}
              spellCheck={false}
              onChange={(event) => put({ name: event.currentTarget.value })}
            />
            <div className={classes.pair}>
              {action('onDelete')}
              {action('onUpdate')}
            </div>
          </>
        ) : null}
        {kind === 'one-to-many' || kind === 'one-to-one' ? (
          <Checkbox
            label={t('relation.required')}
            checked={draft.required}
            onChange={() => setDraft({ ...draft, required: !draft.required })}
          />
        ) : null}
        <div className={classes.actions}>
          <span className={classes.gap} role="status">
            {problem === 'noKey' ? t('problems.noKey') : ''}
          </span>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={problem !== null}>
            {t(isNew ? 'relation.add' : 'relation.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
