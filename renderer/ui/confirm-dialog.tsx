import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './confirm-dialog.module.css';
import { ErrorPanel } from './error-panel';

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  /** What will happen and what falls with it. */
  readonly children: ReactNode;
  /** The deed by name, e.g. *Drop 3 tables*; never *OK*. */
  readonly deed: string;
  /** Colours the button as destructive. */
  readonly danger?: boolean;
  /** A text that must be typed before the deed can be done, e.g. the name of what is destroyed. */
  readonly typeToConfirm?: string;
  /** False while what is asked for inside is not complete; default true. */
  readonly ready?: boolean;
  /** Width in pixels; default 480. */
  readonly width?: number;
  /** May take its time: the dialog stays until it is done, and shows the error when it fails. */
  readonly onConfirm: () => Promise<void> | void;
  readonly onClose: () => void;
}

/** Asks before something is done. Mounted anew for every question, so that nothing typed is left over. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size={props.width ?? 480}>
      <Question {...props} />
    </Modal>
  );
}

function Question(props: ConfirmDialogProps) {
  const { children, deed, danger, typeToConfirm, onConfirm, onClose } = props;
  const { t } = useTranslation('app');
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ready = (props.ready ?? true) && (typeToConfirm === undefined || typed.trim() === typeToConfirm);

  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void confirm();
      }}
    >
      <div>{children}</div>
      {typeToConfirm === undefined ? null : (
        <TextInput
          data-autofocus
          label={t('ui.typeToConfirm', { text: typeToConfirm })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose}>
          {t('ui.cancel')}
        </Button>
        <Button
          type="submit"
          color={danger === true ? 'error' : 'accent'}
          disabled={!ready}
          loading={busy}
          data-autofocus={typeToConfirm === undefined && danger !== true ? true : undefined}
        >
          {deed}
        </Button>
      </div>
    </form>
  );
}
