import { Autocomplete, MultiSelect, Select, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useForm, type FieldProps } from './form-context';
import { choicesWith, textOf, textsOf } from './form-model';
import { useWidgetProps } from './simple-fields';
import { useChoices } from './use-choices';

/** How many choices a list shows at once; typing finds the others. */
const LISTED = 200;

const SHARED_COMBOBOX = { shadow: 'md', withinPortal: true };

export function ChoiceField(props: FieldProps) {
  const { words } = useForm();
  const { field, label } = props;
  const [open, setOpen] = useState(false);
  const value = textOf(props.value);
  const choices = choicesWith(useChoices(props, open), value);
  const hasNone = choices.some((choice) => choice.value === '');
  return (
    <Select
      {...useWidgetProps(props)}
      data={choices.map((choice) => ({ value: choice.value, label: words.choice(field.id, choice) }))}
      value={value === '' && !hasNone ? null : value}
      onChange={(next) => props.onChange(next ?? '')}
      onDropdownOpen={() => setOpen(true)}
      searchable
      limit={LISTED}
      clearable={field.required !== true && !hasNone}
      clearButtonProps={{ 'aria-label': words.t('clear', { label }) }}
      nothingFoundMessage={words.t('nothingFound')}
      comboboxProps={SHARED_COMBOBOX}
    />
  );
}

export function ComboField(props: FieldProps) {
  const [open, setOpen] = useState(false);
  const choices = choicesWith(useChoices(props, open), '');
  return (
    <Autocomplete
      {...useWidgetProps(props)}
      data={choices.map((choice) => choice.value)}
      value={textOf(props.value)}
      onChange={props.onChange}
      onDropdownOpen={() => setOpen(true)}
      limit={LISTED}
      spellCheck={false}
      comboboxProps={SHARED_COMBOBOX}
    />
  );
}

export function ManyField(props: FieldProps) {
  const { words } = useForm();
  const { field, label } = props;
  const [open, setOpen] = useState(false);
  const value = [...textsOf(props.value)];
  const read = useChoices(props, open);
  const widget = useWidgetProps(props);
  const shared = {
    ...widget,
    value,
    onChange: (next: string[]) => props.onChange(next),
    onDropdownOpen: () => setOpen(true),
    limit: LISTED,
    comboboxProps: SHARED_COMBOBOX,
    clearButtonProps: { 'aria-label': words.t('clear', { label }) },
  };
  if (field.free === true) return <TagsInput {...shared} data={choicesWith(read, '').map((choice) => choice.value)} />;
  const known = [...read, ...value.map((text) => ({ value: text }))];
  return (
    <MultiSelect
      {...shared}
      searchable
      data={choicesWith(known, '').map((choice) => ({ value: choice.value, label: words.choice(field.id, choice) }))}
      nothingFoundMessage={words.t('nothingFound')}
    />
  );
}
