type Presenter = (error: unknown) => void;

const unpresented: Presenter = (error) => reportError(error);
let presenter = unpresented;

/** The shell says how errors without a better owner are shown. Returns the function that takes it back. */
export function registerErrorPresenter(present: Presenter): () => void {
  presenter = present;
  return () => {
    presenter = unpresented;
  };
}

/**
 * Shows an error that no form field, marker or panel owns. `cancelled` is silent, `bug` shows its log id, everything else its message,
 * the server's words, the hint and *Copy details*.
 */
export const presentError = (error: unknown): void => presenter(error);
