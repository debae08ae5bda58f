import { NumberInput, PasswordInput, Switch, Textarea, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { presentError } from '../../../ui/error-presenter';
import { SqlEditor } from '../../../ui/sql-editor/sql-editor';
import { useForm, type FieldProps } from './form-context';
import { isoMoment, localMoment } from './moments';
import { textOf } from './form-model';
import classes from './forms.module.css';

/** Properties that all widgets share. */
export function useWidgetProps({ path, label, bare, locked }: FieldProps) {
  const { errorOf, touch, first } = useForm();
  return {
    ...(path === first ? { 'data-autofocus': true } : {}),
    id: `field-${path}`,
    'data-field': path,
    ...(bare ? { 'aria-label': label } : {}),
    disabled: locked,
    error: errorOf(path),
    onBlur: () => touch(path),
  };
}

export function TextField(props: FieldProps) {
  return (
    <TextInput
      {...useWidgetProps(props)}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

export function LongTextField(props: FieldProps) {
  return (
    <Textarea
      {...useWidgetProps(props)}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      rows={4}
    />
  );
}

/** Whole numbers; empty is null. */
export function NumberField(props: FieldProps) {
  return (
    <NumberInput
      {...useWidgetProps(props)}
      value={typeof props.value === 'number' ? props.value : ''}
      onChange={(next) => props.onChange(typeof next === 'number' ? next : null)}
      hideControls
    />
  );
}

export function SwitchField(props: FieldProps) {
  const { error, ...widget } = useWidgetProps(props);
  return (
    <Switch
      {...widget}
      {...(error === undefined ? {} : { error })}
      className={classes.switch ?? ''}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}

export function SecretField(props: FieldProps) {
  return (
    <PasswordInput
      {...useWidgetProps(props)}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autoComplete="new-password"
    />
  );
}

/** The state gets the verifier of what is typed, never the password. */
export function PasswordField(props: FieldProps) {
  const { verifier, round } = useForm();
  const [typed, setTyped] = useState({ round, text: '' });
  const latest = useRef(0);
  const widget = useWidgetProps(props);
  const type = (text: string): void => {
    setTyped({ round, text });
    const turn = ++latest.current;
    if (text === '') {
      props.onChange('');
      return;
    }
    verifier(text).then((derived) => {
      if (turn === latest.current) props.onChange(derived);
    }, presentError);
  };
  return (
    <PasswordInput
      {...widget}
      value={typed.round === round ? typed.text : ''}
      onChange={(event) => type(event.currentTarget.value)}
      autoComplete="new-password"
    />
  );
}

/** A moment in the time zone of this computer; the state holds it in UTC. */
export function TimeField(props: FieldProps) {
  return (
    <TextInput
      {...useWidgetProps(props)}
      type="datetime-local"
      step={1}
      value={localMoment(textOf(props.value))}
      onChange={(event) => props.onChange(isoMoment(event.currentTarget.value))}
    />
  );
}

export function FactField({ value, path, label, bare }: FieldProps) {
  return (
    <output
      id={`field-${path}`}
      className={`selectable ${classes.fact ?? ''}`}
      {...(bare ? { 'aria-label': label } : {})}
    >
      {textOf(value)}
    </output>
  );
}

const NO_MARKS: readonly never[] = [];

export function SqlField(props: FieldProps) {
  const { round, errorOf, touch } = useForm();
  const error = errorOf(props.path);
  if (props.locked) return <pre className={classes.sqlLocked}>{textOf(props.value)}</pre>;
  return (
    <>
      <div
        className={classes.sql}
        data-field={props.path}
        data-invalid={error !== undefined}
        onBlur={() => touch(props.path)}
      >
        <SqlEditor
          key={round}
          initialText={textOf(props.value)}
          label={props.label}
          marks={NO_MARKS}
          onChange={props.onChange}
        />
      </div>
      {error === undefined ? null : <p className={classes.problem}>{error}</p>}
    </>
  );
}
