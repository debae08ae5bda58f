import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseCidr } from '../../../shared/model/cidr';
import type { InstanceOptions } from '../../../shared/model/instance';
import type { SubnetView, VpcView } from '../../../shared/model/network';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { regionName, zoneName } from '../../ui/place-names';
import classes from './dialogs.module.css';
import { freeBlock } from './model';

export type NetworkQuestion =
  | { readonly ask: 'create-vpc'; readonly region: string }
  | { readonly ask: 'create-subnet'; readonly vpc: VpcView }
  | { readonly ask: 'rename-vpc'; readonly vpc: VpcView }
  | { readonly ask: 'delete-vpc'; readonly vpc: VpcView }
  | { readonly ask: 'rename-subnet'; readonly vpc: VpcView; readonly subnet: SubnetView }
  | { readonly ask: 'delete-subnet'; readonly vpc: VpcView; readonly subnet: SubnetView };

export interface NetworkDialogsProps {
  readonly plane: string;
  readonly options: InstanceOptions;
  readonly question: NetworkQuestion | null;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

type DialogOf<Ask extends NetworkQuestion['ask']> = Omit<NetworkDialogsProps, 'question'> & {
  readonly question: Extract<NetworkQuestion, { ask: Ask }>;
};

/** Creating, renaming and deleting VPCs and subnets. */
export function NetworkDialogs({ question, ...props }: NetworkDialogsProps) {
  switch (question?.ask) {
    case undefined:
      return null;
    case 'create-vpc':
      return <CreateVpc {...props} question={question} />;
    case 'create-subnet':
      return <CreateSubnet {...props} question={question} />;
    case 'rename-vpc':
      return (
        <RenameDialog
          name={question.vpc.name}
          onSave={(name) =>
            api.networks.renameVpc({ plane: props.plane, region: question.vpc.region, id: question.vpc.id, name })
          }
          {...props}
        />
      );
    case 'rename-subnet':
      return (
        <RenameDialog
          name={question.subnet.name}
          onSave={(name) =>
            api.networks.renameSubnet({
              plane: props.plane,
              region: question.vpc.region,
              id: question.subnet.id,
              name,
            })
          }
          {...props}
        />
      );
    case 'delete-vpc':
      return (
        <DeleteDialog
          name={question.vpc.name}
          text="vpcs.deleteText"
          onDelete={() =>
            api.networks.deleteVpc({ plane: props.plane, region: question.vpc.region, id: question.vpc.id })
          }
          {...props}
        />
      );
    case 'delete-subnet':
      return (
        <DeleteDialog
          name={question.subnet.name}
          text="subnets.deleteText"
          onDelete={() =>
            api.networks.deleteSubnet({ plane: props.plane, region: question.vpc.region, id: question.subnet.id })
          }
          {...props}
        />
      );
  }
}

function CreateVpc({ plane, options, question, onClose, onDone }: DialogOf<'create-vpc'>) {
  const { t } = useTranslation('networks');
  const [form, setForm] = useState({ region: question.region, name: '', cidr: '127.128.0.0/16' });
  return (
    <ConfirmDialog
      opened
      title={t('vpcs.create')}
      deed={t('vpcs.create')}
      ready={form.name.trim() !== '' && parseCidr(form.cidr.trim()) !== null}
      onConfirm={async () => {
        await api.networks.createVpc({
          plane,
          region: form.region,
          name: form.name.trim(),
          cidr: form.cidr.trim(),
        });
        await onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <Select
          label={t('region')}
          data={options.regions.map(({ code, name }) => ({ value: code, label: regionName(t, code, name) }))}
          value={form.region}
          onChange={(region) => setForm({ ...form, region: region ?? form.region })}
          searchable
        />
        <NameField value={form.name} onChange={(name) => setForm({ ...form, name })} />
        <CidrField value={form.cidr} note={t('vpcs.cidrNote')} onChange={(cidr) => setForm({ ...form, cidr })} />
      </div>
    </ConfirmDialog>
  );
}

function CreateSubnet({ plane, options, question, onClose, onDone }: DialogOf<'create-subnet'>) {
  const { t } = useTranslation('networks');
  const { vpc } = question;
  const zones = options.zones.filter(({ region }) => region === vpc.region);
  const [form, setForm] = useState({ zone: zones[0]?.code ?? '', name: '', cidr: freeBlock(vpc) });
  return (
    <ConfirmDialog
      opened
      title={t('subnets.createIn', { name: vpc.name })}
      deed={t('subnets.create')}
      ready={form.name.trim() !== '' && parseCidr(form.cidr.trim()) !== null}
      onConfirm={async () => {
        await api.networks.createSubnet({
          plane,
          region: vpc.region,
          vpcId: vpc.id,
          zone: form.zone,
          name: form.name.trim(),
          cidr: form.cidr.trim(),
        });
        await onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <Select
          label={t('zone')}
          data={zones.map(({ code }) => ({ value: code, label: zoneName(t, code, vpc.region) }))}
          value={form.zone}
          onChange={(zone) => setForm({ ...form, zone: zone ?? form.zone })}
        />
        <NameField value={form.name} onChange={(name) => setForm({ ...form, name })} />
        <CidrField
          value={form.cidr}
          note={t('subnets.cidrNote', { cidr: vpc.cidr })}
          onChange={(cidr) => setForm({ ...form, cidr })}
        />
      </div>
    </ConfirmDialog>
  );
}

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NameField({ value, onChange }: FieldProps) {
  const { t } = useTranslation('networks');
  return (
    <TextInput
      data-autofocus
      label={t('name')}
      value={value}
      maxLength={60}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function CidrField({ value, note, onChange }: FieldProps & { readonly note: string }) {
  const { t } = useTranslation('networks');
  return (
    <TextInput
      label={t('cidr')}
      description={note}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={parseCidr(value.trim()) === null ? t('cidrWrong') : undefined}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

interface RenameDialogProps extends Pick<NetworkDialogsProps, 'onClose' | 'onDone'> {
  readonly name: string;
  readonly onSave: (name: string) => Promise<void>;
}

function RenameDialog({ name, onSave, onClose, onDone }: RenameDialogProps) {
  const { t } = useTranslation('networks');
  const [value, setValue] = useState(name);
  return (
    <ConfirmDialog
      opened
      title={t('rename', { name })}
      deed={t('renameDeed')}
      ready={value.trim() !== '' && value.trim() !== name}
      onConfirm={async () => {
        await onSave(value.trim());
        await onDone();
      }}
      onClose={onClose}
    >
      <NameField value={value} onChange={setValue} />
    </ConfirmDialog>
  );
}

interface DeleteDialogProps extends Pick<NetworkDialogsProps, 'onClose' | 'onDone'> {
  readonly name: string;
  /** Translation of what falls with it. */
  readonly text: string;
  readonly onDelete: () => Promise<void>;
}

function DeleteDialog({ name, text, onDelete, onClose, onDone }: DeleteDialogProps) {
  const { t } = useTranslation('networks');
  return (
    <ConfirmDialog
      opened
      danger
      title={t('deleteTitle', { name })}
      deed={t('delete', { name })}
      onConfirm={async () => {
        await onDelete();
        await onDone();
      }}
      onClose={onClose}
    >
      <p>{t(text)}</p>
    </ConfirmDialog>
  );
}
