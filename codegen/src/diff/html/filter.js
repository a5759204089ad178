(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const words = document.getElementById("words");
  const shown = document.getElementById("shown");
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const part of document.querySelectorAll("div.severity")) {
      const box = form.querySelector(`input[value="${part.dataset.severity}"]`);
      let any = false;
      for (const rule of part.querySelectorAll("details.rule")) {
        let rows = 0;
        for (const row of rule.querySelectorAll("tbody tr")) {
          const fits = box.checked && wanted.every((word) => row.dataset.text.includes(word));
          row.hidden = !fits;
          rows += fits;
        }
        rule.hidden = rows === 0;
        if (wanted.length && rows) rule.open = true;
        any ||= rows > 0;
        count += rows;
      }
      part.hidden = !any;
    }
    shown.textContent = count === 1 ? "1 change" : `${count} changes`;
  };
  // A link may name what to show: page.html#crm.deal
  const linked = () => {
    const part = decodeURIComponent(location.hash.slice(1));
    if (!part || document.getElementById(part)) return;
    words.value = part;
    filter();
  };
  form.hidden = false;
  window.addEventListener("hashchange", linked);
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
  linked();
})();
