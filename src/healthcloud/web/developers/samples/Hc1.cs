// Hc1.cs, .NET 8 or newer, nothing but the framework. 只用 .NET 自带的类库。
using System;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

public static class Hc1
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)!;

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    private static string Authorization(string method, string target, byte[] body)
    {
        var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
        var nonce = Hex(RandomNumberGenerator.GetBytes(16));
        var text = $"{method}\n{target}\n{at}\n{nonce}\n{Hex(SHA256.HashData(body))}\n";
        var mac = HMACSHA256.HashData(Convert.FromBase64String(Setting("HC_SECRET")), Encoding.UTF8.GetBytes(text));
        var signature = Convert.ToBase64String(mac);
        return $"HC1-HMAC-SHA256 key=\"{Setting("HC_KEY")}\",timestamp=\"{at}\",nonce=\"{nonce}\",signature=\"{signature}\"";
    }

    /// <summary>Send a request; once is its Idempotency-Key, or null. 幂等键没有时为 null。</summary>
    public static async Task<string> Ask(string method, string target, string json = "", string? once = null)
    {
        var body = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(new HttpMethod(method), Setting("HC_CITY") + target);
        request.Headers.TryAddWithoutValidation("Authorization", Authorization(method, target, body));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }
        if (once != null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", once);
        }
        using var answer = await Http.SendAsync(request);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }
}
