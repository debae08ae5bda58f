import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fillParameters } from '../../../../shared/model/parameters';
import { SqlViewer } from '../../../ui/sql-editor/sql-viewer';
import { visibleText } from '../../../ui/visible-text';
import type { RunSource } from '../model';
import { askedOf } from './parameters';
import classes from './parameters-dialog.module.css';

/** A value that was typed; `isNull` counts before the text. */
interface Entered {
  readonly text: string;
  readonly isNull: boolean;
}

type Remembered = Map<string, Entered>;

export interface ParametersDialogProps {
  /** What is to run; null is closed. */
  readonly source: RunSource | null;
  /** The session's standard_conforming_strings. */
  readonly standardStrings: boolean;
  readonly onRun: (source: RunSource) => void;
  readonly onClose: () => void;
}

/** Asks for the values of a text's parameters. They are remembered by name for as long as the tab is open. */
export function ParametersDialog({ source, standardStrings, onRun, onClose }: ParametersDialogProps) {
  const { t } = useTranslation('query-editor');
  const remembered = useRef<Remembered>(new Map());
  return (
    <Modal opened={source !== null} onClose={onClose} title={t('parameters.title')} size={640}>
      {source ? (
        <Form
          source={source}
          standardStrings={standardStrings}
          remembered={remembered.current}
          onRun={onRun}
          onClose={onClose}
        />
      ) : null}
    </Modal>
  );
}

interface FormProps {
  readonly source: RunSource;
  readonly standardStrings: boolean;
  readonly remembered: Remembered;
  readonly onRun: (source: RunSource) => void;
  readonly onClose: () => void;
}

const NOTHING: Entered = { text: '', isNull: false };

function Form({ source, standardStrings, remembered, onRun, onClose }: FormProps) {
  const { t } = useTranslation('query-editor');
  const asked = useMemo(() => askedOf(source.text, standardStrings), [source, standardStrings]);
  const [entered, setEntered] = useState<ReadonlyMap<string, Entered>>(
    () => new Map(asked.map(({ name }) => [name, remembered.get(name) ?? NOTHING])),
  );
  const filled = useMemo(
    () =>
      fillParameters(
        source.text,
        new Map([...entered].map(([name, { text, isNull }]) => [name, isNull ? null : text])),
        standardStrings,
      ),
    [source, entered, standardStrings],
  );
  const change = (name: string, next: Partial<Entered>): void => {
    setEntered(new Map(entered).set(name, { ...(entered.get(name) ?? NOTHING), ...next }));
  };
  const run = (): void => {
    for (const [name, value] of entered) remembered.set(name, value);
    onRun({ text: filled.text, start: source.start, original: filled.original });
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <div className={classes.quiet}>{t('parameters.text')}</div>
      <div className={classes.values}>
        {asked.map(({ name, form }, index) => {
          const { text, isNull } = entered.get(name) ?? NOTHING;
          return (
            <div key={name} className={classes.row}>
              <TextInput
                className={classes.input ?? ''}
                label={visibleText(name)}
                placeholder={isNull ? 'NULL' : t(`parameters.form.${form}`)}
                value={isNull ? '' : text}
                disabled={isNull}
                spellCheck={false}
                {...(index === 0 ? { 'data-autofocus': true } : {})}
                onChange={(event) => change(name, { text: event.currentTarget.value })}
              />
              {form === 'name' ? null : (
                <Checkbox
                  className={classes.null ?? ''}
                  label="NULL"
                  aria-label={t('parameters.null', { name: visibleText(name) })}
                  checked={isNull}
                  onChange={(event) => change(name, { isNull: event.currentTarget.checked })}
                />
              )}
            </div>
          );
        })}
      </div>
      <div className={classes.preview}>
        <SqlViewer text={filled.text} label={t('parameters.preview')} />
      </div>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('parameters.cancel')}
        </Button>
        <Button type="submit">{t('parameters.run')}</Button>
      </div>
    </form>
  );
}
