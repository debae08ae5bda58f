/** Whether keys are written and pressed as on macOS. */
export const isMac = navigator.platform.startsWith('Mac');
