import { ColorInput, Select, Switch, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ENVIRONMENTS, type ServerGroup } from '../../../shared/model/server';
import { TextField, useFieldProps } from './fields';
import { useBoundFields, useForm } from './form-context';
import { groupChoices } from './form-model';
import classes from './servers.module.css';

export interface GeneralTabProps {
  readonly groups: readonly ServerGroup[];
  /** Offers *Connect now*. */
  readonly creating: boolean;
}

/** Name, place in the tree, looks, environment. */
export function GeneralTab({ groups, creating }: GeneralTabProps) {
  const { t } = useTranslation('servers');
  const bound = useBoundFields();
  const { form, set, setServer } = useForm();
  const { server } = form;
  const environment = useFieldProps({
    field: 'environment',
    label: t('fields.environment'),
    description: t(`environmentHelp.${server.environment}`),
    span: 6,
  });
  const group = useFieldProps({ field: 'groupId', label: t('fields.groupId'), span: 6 });
  const background = useFieldProps({ field: 'background', label: t('fields.background'), span: 6 });
  const foreground = useFieldProps({ field: 'foreground', label: t('fields.foreground'), span: 6 });
  const comment = useFieldProps({ field: 'comment', label: t('fields.comment') });
  return (
    <div className={classes.grid}>
      <TextField {...bound.server('name')} required initialFocus span={6} />
      <Select
        {...group}
        data={groupChoices(groups, t('groups.root'))}
        value={server.groupId ?? ''}
        onChange={(value) => setServer({ groupId: value === null || value === '' ? null : value })}
        searchable={groups.length > 8}
      />
      <Select
        {...environment}
        data={ENVIRONMENTS.map((value) => ({ value, label: t(`environments.${value}`) }))}
        value={server.environment}
        onChange={(value) => setServer({ environment: ENVIRONMENTS.find((each) => each === value) ?? 'none' })}
        leftSection={<span className={classes.dot} data-environment={server.environment} aria-hidden />}
      />
      <Switch
        className={classes.switchField ?? ''}
        label={t('fields.readOnly')}
        description={t('help.readOnly')}
        checked={server.readOnly}
        onChange={(event) => setServer({ readOnly: event.currentTarget.checked })}
      />
      <ColorInput
        {...background}
        value={server.background}
        onChange={(value) => setServer({ background: value })}
        format="hex"
        placeholder="#rrggbb"
        fixOnBlur={false}
        eyeDropperButtonProps={{ 'aria-label': t('fields.pickColour') }}
      />
      <ColorInput
        {...foreground}
        value={server.foreground}
        onChange={(value) => setServer({ foreground: value })}
        format="hex"
        placeholder="#rrggbb"
        fixOnBlur={false}
        eyeDropperButtonProps={{ 'aria-label': t('fields.pickColour') }}
      />
      <Textarea
        {...comment}
        rows={3}
        value={server.comment}
        onChange={(event) => setServer({ comment: event.currentTarget.value })}
      />
      {creating ? (
        <Switch
          className={classes.span12 ?? ''}
          label={t('fields.connectNow')}
          checked={form.connectNow}
          onChange={(event) => set({ connectNow: event.currentTarget.checked })}
        />
      ) : null}
    </div>
  );
}
