import { ActionIcon, NumberInput, TextInput, Tooltip } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';
import { useForm } from './form-context';
import classes from './servers.module.css';

interface FieldProps {
  /** Path in the definition, e.g. `ssl.rootCert`: where its error is shown. */
  readonly field: string;
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** Gets the focus when the dialog opens. */
  readonly initialFocus?: boolean;
  /** Columns of the twelve. */
  readonly span?: number;
}

const wrapperOrder: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** Properties that every field shares. */
export function useFieldProps({ field, label, description, required, disabled, span = 12 }: FieldProps) {
  const { errorOf, touch } = useForm();
  return {
    label,
    ...(description === undefined ? {} : { description }),
    withAsterisk: required === true,
    disabled: disabled === true,
    error: errorOf(field),
    onBlur: () => touch(field),
    inputWrapperOrder: wrapperOrder,
    className: classes[`span${span}`] ?? '',
    'data-field': field,
  };
}

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly mono?: boolean;
}

export function TextField({ value, onChange, placeholder, mono, initialFocus, ...field }: TextFieldProps) {
  return (
    <TextInput
      {...useFieldProps(field)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(initialFocus === true ? { 'data-autofocus': true } : {})}
      classNames={{ input: mono === true ? (classes.mono ?? '') : '' }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

export interface NumberFieldProps extends FieldProps {
  /** NaN when nothing is filled in. */
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly suffix?: string;
}

export function NumberField({ value, onChange, suffix, ...field }: NumberFieldProps) {
  return (
    <NumberInput
      {...useFieldProps(field)}
      value={Number.isNaN(value) ? '' : value}
      onChange={(next) => onChange(typeof next === 'number' ? next : Number.NaN)}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      {...(suffix === undefined ? {} : { suffix })}
    />
  );
}

export interface FileFieldProps extends TextFieldProps {
  readonly extensions: readonly string[];
}

/** A path that may be typed or picked in the native dialog. */
export function FileField({ extensions, value, onChange, placeholder, ...field }: FileFieldProps) {
  const { t } = useTranslation('servers');
  const { touch } = useForm();
  const pick = async () => {
    const picked = await api.app.pickFile({
      title: field.label,
      purpose: 'path',
      filters: [
        { name: field.label, extensions: [...extensions] },
        { name: t('files.all'), extensions: ['*'] },
      ],
    });
    if (picked) onChange(picked.path);
    touch(field.field);
  };
  return (
    <TextInput
      {...useFieldProps(field)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(placeholder === undefined ? {} : { placeholder })}
      classNames={{ input: classes.mono ?? '' }}
      autoComplete="off"
      spellCheck={false}
      rightSectionPointerEvents="all"
      rightSection={
        <Tooltip label={t('files.choose', { name: field.label })}>
          <ActionIcon
            aria-label={t('files.choose', { name: field.label })}
            disabled={field.disabled === true}
            onClick={() => void pick().catch(presentError)}
          >
            <IconFolderOpen size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      }
    />
  );
}
