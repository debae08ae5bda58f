import { NumberInput, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NumberField, TextField, useFieldProps } from './fields';
import { useForm } from './form-context';
import classes from './servers.module.css';

/** Restriction, password command, time limits, session settings. */
export function AdvancedTab() {
  const { t } = useTranslation('servers');
  const { form, setServer } = useForm();
  const { server } = form;
  const restriction = useFieldProps({
    field: 'databaseRestriction',
    label: t('fields.databaseRestriction'),
    description: t('help.databaseRestriction'),
  });
  const expiry = useFieldProps({
    field: 'passwordCommandExpiry',
    label: t('fields.passwordCommandExpiry'),
    description: t('help.passwordCommandExpiry'),
    disabled: server.passwordCommand.trim() === '',
    span: 4,
  });
  return (
    <div className={classes.grid}>
      <TagsInput
        {...restriction}
        value={[...server.databaseRestriction]}
        onChange={(databaseRestriction) => setServer({ databaseRestriction })}
        clearable
      />
      <TextField
        field="passwordCommand"
        label={t('fields.passwordCommand')}
        description={t('help.passwordCommand')}
        span={8}
        mono
        value={server.passwordCommand}
        onChange={(passwordCommand) => setServer({ passwordCommand })}
      />
      <NumberInput
        {...expiry}
        value={server.passwordCommandExpiry ?? ''}
        onChange={(value) => setServer({ passwordCommandExpiry: typeof value === 'number' ? value : null })}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        suffix=" s"
      />
      <NumberField
        field="connectTimeout"
        label={t('fields.connectTimeout')}
        description={t('help.connectTimeout')}
        span={4}
        suffix=" s"
        value={server.connectTimeout}
        onChange={(connectTimeout) => setServer({ connectTimeout })}
      />
      <NumberField
        field="statementTimeout"
        label={t('fields.statementTimeout')}
        description={t('help.statementTimeout')}
        span={4}
        suffix=" s"
        value={server.statementTimeout}
        onChange={(statementTimeout) => setServer({ statementTimeout })}
      />
      <NumberField
        field="keepAlive"
        label={t('fields.keepAlive')}
        description={t('help.keepAlive')}
        span={4}
        suffix=" s"
        value={server.keepAlive}
        onChange={(keepAlive) => setServer({ keepAlive })}
      />
      <TextField
        field="applicationName"
        label={t('fields.applicationName')}
        span={4}
        value={server.applicationName}
        onChange={(applicationName) => setServer({ applicationName })}
      />
      <TextField
        field="options"
        label={t('fields.options')}
        span={8}
        mono
        placeholder="-c search_path=shop,public"
        value={server.options}
        onChange={(options) => setServer({ options })}
      />
    </div>
  );
}
