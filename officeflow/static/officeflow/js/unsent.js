// Returns whether a form of the page has unsent input.
export function unsent() {
  return [...document.querySelectorAll("form[method=post] :is(input, textarea, select)")].some(
    (control) => {
      if (control.type === "hidden" || control.disabled) return false;
      if (control.matches("[type=checkbox], [type=radio]")) {
        return control.checked !== control.defaultChecked;
      }
      if (control.matches("select")) {
        return [...control.options].some((option) => option.selected !== option.defaultSelected)
          && control.selectedIndex > 0;
      }
      return control.value !== control.defaultValue;
    },
  );
}
