import { TextInput } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Snippet } from '../../../shared/model/library';
import { api } from '../../api';
import { useLive } from '../../ui/use-live';
import { BELOW, FormDeeds, SqlField, useEntry, useSaving } from './form-parts';
import classes from './library-view.module.css';
import { LibrarySection, type FormProps } from './library-section';
import { followSnippets, readSnippets } from './lists';

/** Snippets by their abbreviation. */
export function SnippetsSection() {
  const { t } = useTranslation('library');
  const snippets = useLive(readSnippets, followSnippets);
  return (
    <LibrarySection
      label={t('sections.snippets')}
      items={snippets}
      noteOf={({ prefix }) => prefix}
      searched={({ name, prefix, body }) => `${name}\n${prefix}\n${body}`}
      newLabel={t('snippets.new')}
      empty={{
        title: t('snippets.empty.title'),
        text: t('snippets.empty.text'),
        icon: <IconBraces size={32} stroke={1.5} />,
      }}
      Form={SnippetForm}
    />
  );
}

function SnippetForm({ item, onDirty, onDone }: FormProps<Snippet>) {
  const { t } = useTranslation('library');
  const {
    entry: snippet,
    dirty,
    change,
    settled,
  } = useEntry<Omit<Snippet, 'id'>>(item ?? { prefix: '', name: '', body: '' }, onDirty);
  const saving = useSaving();
  const { prefix, name, body } = snippet;
  const save = async () => {
    const saved = await saving.save(() =>
      api.library.saveSnippet({ id: item?.id ?? '', prefix: prefix.trim(), name: name.trim(), body }),
    );
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
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t('fields.prefix')}
          description={t('fields.prefixHint')}
          inputWrapperOrder={BELOW}
          value={prefix}
          maxLength={50}
          error={
            saving.taken === 'prefix'
              ? t('snippets.taken')
              : /\s/.test(prefix.trim())
                ? t('snippets.spaces')
                : undefined
          }
          onChange={(event) => change({ prefix: event.currentTarget.value })}
        />
      </div>
      <SqlField
        label={t('fields.sql')}
        hint={t('snippets.hint')}
        text={body}
        onChange={(text) => change({ body: text })}
      />
      <FormDeeds
        name={item?.name ?? ''}
        dirty={dirty}
        complete={name.trim() !== '' && /^\S+$/.test(prefix.trim())}
        saving={saving}
        onSave={() => void save()}
        onRemove={async () => {
          await api.library.removeSnippet({ id: item?.id ?? '' });
          onDone();
        }}
      />
    </>
  );
}
