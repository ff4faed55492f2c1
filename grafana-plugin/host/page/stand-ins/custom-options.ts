/** Options of a panel's fields that are not standard ones, taken as a dashboard gives them. */
export const customOptions = (paths: readonly string[]) => (builder: any) => {
  for (const path of paths) {
    builder.addCustomEditor({
      id: path,
      path,
      name: path,
      editor: () => null,
      override: () => null,
      process: (value: unknown) => value,
      shouldApply: () => true,
    });
  }
};
