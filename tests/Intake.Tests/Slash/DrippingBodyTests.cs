using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Slash;

/// <summary>Connections that are kept busy by a byte now and then: each is ended, and nobody else is held up.</summary>
public class DrippingBodyTests(SlashHost host) : IClassFixture<SlashHost>
{
    private const int ConnectionsPerRoute = 20;

    // The limit of the host of the tests is 2 seconds, and the server reads on for 5 more.
    private static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_drips_in_is_ended_and_others_are_served_meanwhile()
    {
        (string Route, bool HasToken, string[] Answers)[] kinds =
        [
            ("message", true, ["408", "429"]), ("validate", true, ["408", "429"]),
            ("connection-test", true, ["408", "429"]), ("message", false, ["401"]),
        ];
        var drips = new List<Task<string>>();
        foreach (var (route, hasToken, answers) in kinds)
        {
            for (var i = 0; i < ConnectionsPerRoute; i++)
                drips.Add(AnswerAsync(await HeadAsync(route, hasToken), answers));
        }

        var slowest = await SendOthersAsync(Task.WhenAll(drips));
        var told = await Task.WhenAll(drips);

        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        told.Count(answer => answer == "408").ShouldBeGreaterThanOrEqualTo(8);
    }

    // Another sender, one message after another until the drips are ended.
    private async Task<TimeSpan> SendOthersAsync(Task dripping)
    {
        var other = host.NewClient(SlashHost.OtherClient);
        var slowest = TimeSpan.Zero;
        for (var sent = 0; !dripping.IsCompleted; sent++)
        {
            var started = Stopwatch.GetTimestamp();
            var reply = await other.SendAsync(SlashHost.Message($"jevn-{sent}"));
            reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body.ToJsonString());
            var took = Stopwatch.GetElapsedTime(started);
            if (took > slowest) slowest = took;
        }

        return slowest;
    }

    // The bytes of a request that tells of a body of 1 000 bytes.
    private async Task<byte[]> HeadAsync(string route, bool hasToken)
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync(Encoding.UTF8.GetBytes(SlashHost.Message()), "HST_Avtale", route);
        var head = new StringBuilder($"POST /{route} HTTP/1.1\r\nHost: {host.Address.Authority}\r\n");
        if (hasToken) head.Append($"Authorization: {request.Authorization}\r\n");
        head.Append($"DPoP: {client.Sign(request.Header, request.Claims)}\r\n");
        foreach (var (name, value) in request.Headers) head.Append($"{name}: {value}\r\n");
        head.Append($"Content-Type: {request.ContentType}\r\nContent-Length: 1000\r\n\r\n");
        return Encoding.ASCII.GetBytes(head.ToString());
    }

    // The status of the answer, when the server has ended the connection.
    private async Task<string> AnswerAsync(byte[] head, string[] answers)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(EndedWithin);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(host.Address.Host, host.Address.Port, limit.Token);
        var stream = tcp.GetStream();
        await stream.WriteAsync(head, limit.Token);

        var dripping = DripAsync(stream, limit.Token);
        var told = await ReadToEndAsync(stream, limit.Token);
        await dripping;
        told.ShouldStartWith("HTTP/1.1 ");
        var status = told.Split(' ')[1];
        answers.ShouldContain(status);
        return status;
    }

    private static async Task DripAsync(NetworkStream stream, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await stream.WriteAsync("A"u8.ToArray(), cancellation);
                await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
            }
        }
        catch (IOException)
        {
            // The server has ended the connection.
        }
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var told = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
                told.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Ended by the server, with what we still sent on its way.
        }

        return told.ToString();
    }
}
