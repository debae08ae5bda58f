import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceOptions } from '../../../shared/model/instance';
import { REMARK_MAX, type SecurityGroupView } from '../../../shared/model/security-rules';
import { api } from '../../api';
import { ChoiceGroup } from '../../ui/choice-group';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { regionName } from '../../ui/place-names';
import classes from './dialogs.module.css';
import { rulesOf, TEMPLATES, type Template } from './model';

export type GroupQuestion =
  | { readonly ask: 'create'; readonly region: string }
  | { readonly ask: 'edit'; readonly group: SecurityGroupView }
  | { readonly ask: 'duplicate'; readonly group: SecurityGroupView }
  | { readonly ask: 'delete'; readonly group: SecurityGroupView };

export interface GroupDialogsProps {
  readonly plane: string;
  readonly options: InstanceOptions;
  readonly question: GroupQuestion | null;
  readonly onClose: () => void;
  /** With the id of the group that is to be looked at now. */
  readonly onDone: (id: string | null) => Promise<void>;
}

/** Creating, naming, copying and deleting security groups. */
export function GroupDialogs({ question, ...props }: GroupDialogsProps) {
  const { t } = useTranslation('networks');
  const { plane, onClose, onDone } = props;
  if (question === null) return null;
  if (question.ask === 'create') return <CreateDialog {...props} region={question.region} />;
  const { group } = question;
  const { region, id, inbound } = group;
  if (question.ask === 'delete') {
    return (
      <ConfirmDialog
        opened
        danger
        title={t('deleteTitle', { name: group.name })}
        deed={t('delete', { name: group.name })}
        onConfirm={async () => {
          await api.networks.deleteGroup({ plane, region, id });
          await onDone(null);
        }}
        onClose={onClose}
      >
        <p>{t('groups.deleteText')}</p>
      </ConfirmDialog>
    );
  }
  const copies = question.ask === 'duplicate';
  return (
    <NameDialog
      title={t(copies ? 'groups.duplicateTitle' : 'groups.editTitle', { name: group.name })}
      deed={t(copies ? 'groups.duplicate' : 'groups.saveName')}
      before={{ name: copies ? t('groups.copyName', { name: group.name }) : group.name, remark: group.remark }}
      onSave={async (names) => {
        if (copies) {
          const made = await api.networks.createGroup({ plane, region, ...names, inbound: [...inbound] });
          await onDone(made.id);
        } else {
          await api.networks.changeGroup({ plane, region, id, ...names });
          await onDone(id);
        }
      }}
      onClose={onClose}
    />
  );
}

interface Names {
  readonly name: string;
  readonly remark: string;
}

function NameFields({ value, onChange }: { readonly value: Names; readonly onChange: (value: Names) => void }) {
  const { t } = useTranslation('networks');
  return (
    <>
      <TextInput
        data-autofocus
        label={t('name')}
        value={value.name}
        maxLength={60}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        label={t('rules.remark')}
        value={value.remark}
        maxLength={REMARK_MAX}
        onChange={(event) => onChange({ ...value, remark: event.currentTarget.value })}
        autoComplete="off"
      />
    </>
  );
}

interface NameDialogProps {
  readonly title: string;
  readonly deed: string;
  readonly before: Names;
  readonly onSave: (names: Names) => Promise<void>;
  readonly onClose: () => void;
}

function NameDialog({ title, deed, before, onSave, onClose }: NameDialogProps) {
  const [names, setNames] = useState(before);
  return (
    <ConfirmDialog
      opened
      title={title}
      deed={deed}
      ready={names.name.trim() !== ''}
      onConfirm={() => onSave({ name: names.name.trim(), remark: names.remark.trim() })}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <NameFields value={names} onChange={setNames} />
      </div>
    </ConfirmDialog>
  );
}

type CreateDialogProps = Omit<GroupDialogsProps, 'question'> & { readonly region: string };

function CreateDialog({ plane, options, region: usual, onClose, onDone }: CreateDialogProps) {
  const { t } = useTranslation('networks');
  const [region, setRegion] = useState(usual);
  const [names, setNames] = useState<Names>({ name: '', remark: '' });
  const [template, setTemplate] = useState<Template>('postgresql');
  return (
    <ConfirmDialog
      opened
      width={560}
      title={t('groups.create')}
      deed={t('groups.create')}
      ready={names.name.trim() !== ''}
      onConfirm={async () => {
        const made = await api.networks.createGroup({
          plane,
          region,
          name: names.name.trim(),
          remark: names.remark.trim(),
          inbound: rulesOf(template),
        });
        await onDone(made.id);
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <Select
          label={t('region')}
          data={options.regions.map(({ code, name }) => ({ value: code, label: regionName(t, code, name) }))}
          value={region}
          onChange={(next) => setRegion(next ?? region)}
          searchable
        />
        <NameFields value={names} onChange={setNames} />
        <ChoiceGroup
          label={t('groups.template')}
          choices={TEMPLATES.map((each) => ({ value: each, label: t(`templates.${each}`) }))}
          value={template}
          onChange={(value) => setTemplate(TEMPLATES.find((each) => each === value) ?? 'postgresql')}
        />
        <p className={classes.note}>{t(`templateNotes.${template}`)}</p>
      </div>
    </ConfirmDialog>
  );
}
