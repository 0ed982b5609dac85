-- Sends each request of a file once, in turn; the file holds "<length as 8 hex digits>\n<request>" after each other.
local requests, turn = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read(8)
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(tonumber(length, 16))
  end
  file:close()
end

function request()
  turn = turn + 1
  if turn > #requests then
    wrk.thread:stop()
    return requests[#requests]
  end
  return requests[turn]
end

function done(summary, latency)
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "refused": %d, "broken": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f, "max": %.3f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
