import { useEffect, useState } from 'react';

/**
 * Increases each time that a font has been loaded: text on a canvas, unlike text in the DOM, has to be drawn again
 * then.
 */
export function useLoadedFonts(): number {
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    const fonts: FontFaceSet | undefined = document.fonts;
    const onLoaded = () => setLoads(before => before + 1);
    fonts?.addEventListener('loadingdone', onLoaded);
    return () => fonts?.removeEventListener('loadingdone', onLoaded);
  }, []);
  return loads;
}
