// Ask a server of Olhar's about pictures, with .NET 10 or newer and nothing else: dotnet run Client.cs -- ADDRESS PICTURE...
// (.NET 8 and 9: as Program.cs of a project that `dotnet new console` makes).
//
// The token, where the server wants one, stands in OLHAR_TOKEN. Each picture prints a line with its name, then a class a
// line with its probability, best first.

using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

Console.OutputEncoding = new UTF8Encoding(false);
using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
var token = Environment.GetEnvironmentVariable("OLHAR_TOKEN");
if (!string.IsNullOrEmpty(token))
    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

var refused = 0;
foreach (var name in args[1..])
{
    // The picture is sent as it is.
    using var picture = new ByteArrayContent(await File.ReadAllBytesAsync(name));
    picture.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    using var answer = await client.PostAsync(args[0].TrimEnd('/') + "/predict?top=10000", picture);
    using var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    if (!answer.IsSuccessStatusCode)
    {
        Console.Error.WriteLine($"{name}: {told.RootElement.GetProperty("error").GetProperty("message").GetString()}");
        refused = 1;
        continue;
    }
    Console.WriteLine(name);
    foreach (var one in told.RootElement.GetProperty("predictions").EnumerateArray())
        Console.WriteLine($"{one.GetProperty("class").GetString()}\t{one.GetProperty("probability").GetRawText()}");
}
return refused;
