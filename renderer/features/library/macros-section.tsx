import { TextInput } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { shortcutText } from '../../../shared/model/keymap';
import { SELECTION, type Macro } from '../../../shared/model/library';
import { api } from '../../api';
import { useLive } from '../../ui/use-live';
import { FormDeeds, SqlField, useEntry, useSaving } from './form-parts';
import { isMac } from '../../ui/platform';
import { KeysField } from './keys-field';
import classes from './library-view.module.css';
import { LibrarySection, type FormProps } from './library-section';
import { followMacros, readMacros } from './lists';

/** Macros with their keys. */
export function MacrosSection() {
  const { t } = useTranslation('library');
  const macros = useLive(readMacros, followMacros);
  return (
    <LibrarySection
      label={t('sections.macros')}
      items={macros}
      noteOf={({ keys }) => (keys === '' ? '' : shortcutText(keys, isMac))}
      searched={({ name, sql }) => `${name}\n${sql}`}
      newLabel={t('macros.new')}
      empty={{
        title: t('macros.empty.title'),
        text: t('macros.empty.text'),
        icon: <IconKeyboard size={32} stroke={1.5} />,
      }}
      Form={MacroForm}
    />
  );
}

function MacroForm({ item, onDirty, onDone }: FormProps<Macro>) {
  const { t } = useTranslation('library');
  const {
    entry: macro,
    dirty,
    change,
    settled,
  } = useEntry<Omit<Macro, 'id'>>(item ?? { name: '', sql: '', keys: '' }, onDirty);
  const saving = useSaving();
  const { name, sql, keys } = macro;
  const save = async () => {
    const saved = await saving.save(() => api.library.saveMacro({ id: item?.id ?? '', name: name.trim(), sql, keys }));
    if (saved === null) return;
    settled();
    onDone(saved.id);
  };
  return (
    <>
      <div className={classes.fields}>
        <TextInput
          label={t('fields.name')}
          value={name}
          maxLength={200}
          error={saving.taken === 'name' ? t('macros.taken') : undefined}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <KeysField
          keys={keys}
          taken={saving.taken === 'keys' ? t('macros.keysTaken') : ''}
          onChange={(pressed) => change({ keys: pressed })}
        />
      </div>
      <SqlField
        label={t('fields.sql')}
        hint={t('macros.hint', { selection: SELECTION })}
        text={sql}
        onChange={(text) => change({ sql: text })}
      />
      <FormDeeds
        name={item?.name ?? ''}
        dirty={dirty}
        complete={name.trim() !== '' && sql.trim() !== ''}
        saving={saving}
        onSave={() => void save()}
        onRemove={async () => {
          await api.library.removeMacro({ id: item?.id ?? '' });
          onDone();
        }}
      />
    </>
  );
}
