// The page of the offline reader: a scanner types, the reader beside this page answers. No request leaves this machine.

const WORDS = {
  zh: {
    title: "离线读码器", scan: "请扫健康卡码", emergency: "急救场景", ready: "请扫码", standing: "本机状态", list: "停用名单",
    waiting: "待上传", aside: "需处理", link: "联网更新并上传", linking: "正在联网…", linked: "已更新", unlinked: "未能联网，照常离线使用",
    stopped: "平台未接受：", minutes: (n) => `相差 ${n} 分钟`, terminal: "终端", failed: "读码程序没有回应，请重新启动",
    ime: "扫码枪可能处于中文输入法，请切换为英文后重扫", born: (year) => `${year} 年生`,
  },
  en: {
    title: "Offline reader", scan: "Scan a health card code", emergency: "Emergency", ready: "Ready to scan",
    standing: "This reader", list: "List of stopped cards", waiting: "To upload", aside: "To see to",
    link: "Go online: fetch and upload", linking: "Going online…", linked: "Up to date",
    unlinked: "No network; reading goes on without", stopped: "The city did not take it: ",
    minutes: (n) => `${n} min apart`, terminal: "Terminal", failed: "The reader does not answer; start it again",
    ime: "The scanner may be typing through a Chinese input method; switch it to English and scan again",
    born: (year) => `born ${year}`,
  },
};
const INPUT_METHOD = new Set(["device-text", "characters"]);
const SAME_CODE_MS = 3000;
const STATUS_EVERY_MS = 10_000;

const $ = (id) => document.getElementById(id);
const token = document.querySelector("meta[name=reader-token]").content;
const line = $("line");
let language = (navigator.language ?? "zh").startsWith("zh") ? "zh" : "en";
let scenes = { usual: "", emergency: "" };
let standing = null;
let last = { text: "", at: -Infinity };
let shown = null;
let asking = Promise.resolve();

const said = (both) => both?.[language] ?? "";

async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Reader-Token": token };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function scan(text) {
  const emergency = $("emergency").checked ? scenes.emergency : null;
  const began = performance.now();
  try {
    shown = { ...(await post("/scan", { text, scene: emergency })), ms: Math.round(performance.now() - began) };
  } catch {
    shown = { outcome: "refused", word: { zh: WORDS.zh.failed, en: WORDS.en.failed }, cautions: [] };
  }
  show();
  await look();
}

function show() {
  const words = WORDS[language];
  if (shown === null) return;
  const cautioned = shown.outcome === "accepted" && shown.cautions.length > 0;
  $("result").dataset.outcome = cautioned ? "cautioned" : shown.outcome;
  $("word").textContent = `${{ accepted: "✓", repeat: "↻", unverified: "?", refused: "✕" }[shown.outcome]} ${said(shown.word)}`;
  const { holder } = shown;
  $("who").textContent = holder ? [holder.name, said(holder.sex), words.born(holder.birth_year), said(holder.level)].join(" · ") : "";
  const off = shown.minutes ? ` (${words.minutes(shown.minutes)})` : "";
  $("why").textContent = shown.why ? said(shown.why) + off : "";
  const cautions = shown.cautions.map(said);
  if (shown.why && INPUT_METHOD.has(shown.why.code)) cautions.push(words.ime);
  list($("cautions"), cautions);
  $("when").textContent = shown.at ? `${new Date(shown.at * 1000).toLocaleTimeString(language)} · ${words.list} ${said(shown.list_age)} · ${shown.ms} ms` : "";
}

async function look() {
  try {
    standing = await (await fetch("/status")).json();
  } catch {
    $("refuses").textContent = WORDS[language].failed;
    return;
  }
  scenes = { usual: standing.scene, emergency: standing.emergency_scenes[0] ?? "" };
  showStanding();
}

function showStanding() {
  if (standing === null) return;
  $("terminal").textContent = `${WORDS[language].terminal} ${standing.terminal}`;
  $("emergency-row").hidden = scenes.emergency === "" || standing.emergency_scenes.includes(scenes.usual);
  $("age").textContent = said(standing.list_age);
  $("waiting").textContent = String(standing.waiting);
  $("aside-count").textContent = String(standing.aside.length);
  const stops = [said(standing.refuses), ...standing.cautions.map(said)];
  $("refuses").textContent = (standing.refuses ? stops.slice(0, 1) : stops).filter(Boolean).join(" ");
  list($("aside"), standing.aside.map((one) => `${new Date(one.at * 1000).toLocaleString(language)} ${said(one)}`));
}

function list(element, sentences) {
  element.replaceChildren(
    ...sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }),
  );
}

function speak(next) {
  language = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-word]")) {
    if (one.id !== "word" || shown === null) one.textContent = WORDS[next][one.dataset.word];
  }
  document.title = WORDS[next].title;
  const other = next === "zh" ? ["English", "en"] : ["中文", "zh-CN"];
  [$("language").textContent, $("language").lang] = other;
  $("language").setAttribute("aria-label", other[0]);
  show();
  showStanding();
}

// A keyboard wedge types a code and Enter; the same code within three seconds is the same scan.
$("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = line.value;
  line.value = "";
  const now = performance.now();
  if (text.trim() === "" || (text === last.text && now - last.at < SAME_CODE_MS)) return;
  last = { text, at: now };
  asking = asking.then(() => scan(text));
});

// Wherever the focus strayed, what is typed belongs to the scan line.
document.addEventListener("keydown", (event) => {
  const stays = event.target === line || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1;
  if (!stays && !(event.key === " " && event.target.matches("button, input"))) line.focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("button, input, label")) line.focus();
});
$("emergency").addEventListener("change", () => line.focus());
$("language").addEventListener("click", () => {
  speak(language === "zh" ? "en" : "zh");
  line.focus();
});
$("link").addEventListener("click", async () => {
  $("linked").textContent = WORDS[language].linking;
  try {
    const { stopped_by: stop } = await post("/link", {});
    const words = WORDS[language];
    $("linked").textContent = stop === null ? words.linked : stop === "no-network" ? words.unlinked : words.stopped + stop;
  } catch {
    $("linked").textContent = WORDS[language].failed;
  }
  await look();
  line.focus();
});

speak(language);
look();
setInterval(look, STATUS_EVERY_MS);
