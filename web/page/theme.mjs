// Light, dark, or as the system says. The choice is kept where the browser lets the page keep it.

const key = 'spindle-theme';

export function startTheme(select) {
  select.value = kept();
  if (select.selectedIndex < 0) select.value = '';
  apply(select.value);
  select.addEventListener('change', () => {
    apply(select.value);
    keep(select.value);
    document.dispatchEvent(new Event('themechange'));
  });
}

function apply(theme) {
  document.documentElement.dataset.theme = theme;
}

function kept() {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function keep(theme) {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // chosen for this visit
  }
}
