import { TextInput } from '@mantine/core';
import { IconCheck, IconClipboardText } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseConnectionText, type ConnectionText } from '../../../shared/model/connection-text';
import { filledFields } from './form-model';
import classes from './servers.module.css';

export interface PasteFieldProps {
  readonly pasted: ConnectionText;
  readonly onPaste: (text: NonNullable<ConnectionText>) => void;
}

/**
 * Takes any connection text and fills the form. The text itself is dropped at once: it may hold a password.
 */
export function PasteField({ pasted, onPaste }: PasteFieldProps) {
  const { t, i18n } = useTranslation('servers');
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState(false);

  const take = (candidate: string): void => {
    const found = parseConnectionText(candidate);
    setUnknown(found === null && candidate.trim() !== '');
    if (found === null) return;
    setText('');
    onPaste(found);
  };
  return (
    <div className={classes.paste}>
      <TextInput
        label={t('paste.label')}
        placeholder={t('paste.examples')}
        leftSection={<IconClipboardText size={16} stroke={1.5} aria-hidden />}
        value={text}
        error={unknown ? t('paste.unknown') : undefined}
        classNames={{ input: classes.mono ?? '' }}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setUnknown(false);
        }}
        onPaste={(event) => {
          const candidate = event.clipboardData.getData('text/plain');
          if (parseConnectionText(candidate) === null) return;
          event.preventDefault();
          event.stopPropagation();
          take(candidate);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || text.trim() === '') return;
          event.preventDefault();
          take(text);
        }}
        onBlur={() => take(text)}
      />
      {pasted === null ? null : (
        <div className={classes.pasted} role="status">
          <IconCheck size={16} stroke={1.5} aria-hidden />
          <span>
            {t('paste.filled', {
              format: t(`paste.formats.${pasted.format}`),
              fields: new Intl.ListFormat(i18n.language).format(
                filledFields(pasted).map((field) => t(`fields.${field}`)),
              ),
            })}
            {pasted.notes.map((note) => ` ${t(`paste.notes.${note.key}`, { value: note.value })}`)}
          </span>
        </div>
      )}
    </div>
  );
}
