import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  checkAccountName,
  checkAccountPassword,
  checkRemark,
  type AccountRuleFailure,
} from '../../../shared/model/account-rules';
import { api } from '../../api';
import { ChoiceGroup } from '../../ui/choice-group';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { showNotice } from '../../ui/notice';
import { PasswordField } from './password-field';
import classes from './tab.module.css';

export interface CreateAccountDialogProps {
  readonly plane: string;
  readonly id: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function CreateAccountDialog({ plane, id, onClose, onDone }: CreateAccountDialogProps) {
  const { t } = useTranslation('accounts');
  const [name, setName] = useState('');
  const [remark, setRemark] = useState('');
  const [password, setPassword] = useState('');
  const [type, setType] = useState<'normal' | 'super'>('normal');
  const [left, setLeft] = useState(false);
  const nameFailure = checkAccountName(name);
  const remarkFailure = checkRemark(remark);
  const words = (failure: AccountRuleFailure | null) =>
    failure === null ? undefined : t(`rules.${failure.rule}`, { ...failure.values, example: failure.example });
  return (
    <ConfirmDialog
      opened
      width={560}
      title={t('create.title')}
      deed={t('create.deed')}
      ready={nameFailure === null && remarkFailure === null && checkAccountPassword(password) === null}
      onConfirm={async () => {
        await api.accounts.create({ plane, id, name, password, remark, type });
        showNotice(t('create.done', { name }));
        onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <TextInput
          data-autofocus
          required
          label={t('fields.name')}
          description={t('fields.nameNote')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => setLeft(name !== '')}
          error={left ? words(nameFailure) : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <div>
          <div className={classes.label} aria-hidden>
            {t('fields.type')}
          </div>
          <ChoiceGroup
            label={t('fields.type')}
            choices={[
              { value: 'normal', label: t('types.normal') },
              { value: 'super', label: t('types.super') },
            ]}
            value={type}
            onChange={(next) => setType(next === 'super' ? 'super' : 'normal')}
          />
          <p className={classes.note}>{t(`typeNotes.${type}`)}</p>
        </div>
        <PasswordField label={t('fields.password')} value={password} onChange={setPassword} />
        <TextInput
          label={t('fields.remark')}
          description={t('fields.remarkNote')}
          value={remark}
          onChange={(event) => setRemark(event.currentTarget.value)}
          error={words(remarkFailure)}
          autoComplete="off"
        />
      </div>
    </ConfirmDialog>
  );
}
