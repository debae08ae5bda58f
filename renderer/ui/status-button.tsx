import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import type { ComponentPropsWithRef } from 'react';
import classes from './status-button.module.css';

/** A part of the status bar that can be pressed; also the target of a menu. */
export function StatusButton(props: UnstyledButtonProps & ComponentPropsWithRef<'button'>) {
  return <UnstyledButton {...props} className={classes.button ?? ''} />;
}
