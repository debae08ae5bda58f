import { ActionIcon, NumberInput, PasswordInput, TextInput, Tooltip } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';
import classes from './endpoint-panel.module.css';
import type { EndpointDraft, Side } from './model';

/** What every part of a side's form gets. */
export interface EndpointFormProps {
  readonly side: Side;
  readonly draft: EndpointDraft;
  readonly onChange: (draft: EndpointDraft) => void;
  /** The message of a field once it was left or saving was tried. */
  readonly problemOf: (field: string) => string | undefined;
  readonly onLeave: (field: string) => void;
}

interface FieldProps {
  readonly form: Pick<EndpointFormProps, 'side' | 'problemOf' | 'onLeave'>;
  /** Path in the draft, e.g. `ssh.host`. */
  readonly field: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly required?: boolean;
  readonly className?: string | undefined;
}

const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** What all inputs have in common. */
export function useField({ form, field, label, description, required, className }: FieldProps) {
  return {
    label,
    description,
    className: className ?? '',
    inputWrapperOrder: ORDER,
    withAsterisk: required === true,
    error: form.problemOf(field),
    onBlur: () => form.onLeave(field),
    'data-field': `${form.side}.${field}`,
  };
}

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ value, placeholder, onChange, ...field }: TextFieldProps) {
  return (
    <TextInput
      {...useField(field)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(placeholder === undefined ? {} : { placeholder })}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

export interface PortFieldProps extends FieldProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function PortField({ value, onChange, ...field }: PortFieldProps) {
  return (
    <NumberInput
      {...useField(field)}
      value={Number.isNaN(value) ? '' : value}
      onChange={(next) => onChange(typeof next === 'number' ? next : Number.NaN)}
      allowDecimal={false}
      allowNegative={false}
      hideControls
    />
  );
}

export interface SecretFieldProps extends FieldProps {
  /** The task has one, which an empty field means. */
  readonly stored: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SecretField({ stored, value, onChange, ...field }: SecretFieldProps) {
  const { t } = useTranslation('migration');
  return (
    <PasswordInput
      {...useField(field)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={stored ? t('endpoint.stored') : ''}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t('endpoint.showSecret', { label: field.label }), tabIndex: 0 }}
    />
  );
}

export interface FileFieldProps extends TextFieldProps {
  readonly extensions: readonly string[];
}

/** A path that may be typed or picked in the native dialog. */
export function FileField({ extensions, value, onChange, ...field }: FileFieldProps) {
  const { t } = useTranslation('servers');
  const pick = async () => {
    const filters = [
      { name: field.label, extensions: [...extensions] },
      { name: t('files.all'), extensions: ['*'] },
    ];
    const picked = await api.app.pickFile({ title: field.label, purpose: 'path', filters });
    if (picked) onChange(picked.path);
    field.form.onLeave(field.field);
  };
  const choose = t('files.choose', { name: field.label });
  return (
    <TextInput
      {...useField(field)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      classNames={{ input: classes.mono ?? '' }}
      autoComplete="off"
      spellCheck={false}
      rightSectionPointerEvents="all"
      rightSection={
        <Tooltip label={choose}>
          <ActionIcon aria-label={choose} onClick={() => void pick().catch(presentError)}>
            <IconFolderOpen size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      }
    />
  );
}
