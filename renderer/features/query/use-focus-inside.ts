import { useEffect, useRef, useState, type FocusEvent } from 'react';

/** Whether the focus is in a part of the view, with what the part shows elsewhere, e.g. its dialogs. `props` are the part's. */
export function useFocusInside() {
  const [inside, setInside] = useState(false);
  const latest = useRef<Event>(null);
  useEffect(() => {
    // A field that is removed while it has the focus tells nobody: what gets the focus next does.
    const follow = (event: Event) => setInside(latest.current === event);
    document.addEventListener('focusin', follow);
    return () => document.removeEventListener('focusin', follow);
  }, []);
  return {
    inside,
    props: {
      onFocus(event: FocusEvent) {
        latest.current = event.nativeEvent;
      },
      onBlur({ relatedTarget }: FocusEvent) {
        if (relatedTarget === null) setInside(false);
      },
    },
  };
}
