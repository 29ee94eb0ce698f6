using System.Net;
using System.Text;
using Dapper;
using Kilde.Intake.Admission;
using Kilde.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Tests.Slash;

/// <summary>What a sender meets when the node has more than enough to do, over HTTP.</summary>
public class OverloadTests(SlashHost host) : IClassFixture<SlashHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_room_the_answer_is_429_with_when_to_come_back_and_leaves_nothing_behind()
    {
        await using var node = await StartNodeAsync(waiting: 1);
        var gate = node.Services.GetRequiredService<AdmissionGate>();
        var place = ((GateAnswer.Admitted)await gate.EnterAsync("another", 1000, Cancellation)).Place;
        var waits = gate.EnterAsync("another", 1000, Cancellation).AsTask();
        var client = host.NewClient();
        var request = await PrepareAsync(client, node, "avvist-1");
        var before = await RowsAsync();

        var refused = await client.PostAsync(request);

        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        refused.Delivered.ShouldBeFalse();
        refused.CorrelationId.ShouldNotBe(Guid.Empty);
        (await RowsAsync()).ShouldBe(before);
        (gate.Inside, gate.Waiting).ShouldBe((1, 1));

        // The proof was not used up either: the very same request is taken when there is room.
        place.Dispose();
        ((GateAnswer.Admitted)await waits.WaitAsync(Patience, Cancellation)).Place.Dispose();
        (await client.PostAsync(request)).Delivered.ShouldBeTrue();
        (gate.Inside, gate.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_message_is_taken_in_its_senders_turn_while_a_flood_still_waits()
    {
        await using var node = await StartNodeAsync(waiting: 20);
        var gate = node.Services.GetRequiredService<AdmissionGate>();
        var inside = ((GateAnswer.Admitted)await gate.EnterAsync("flood", 1000, Cancellation)).Place;
        var flood = Enumerable.Range(0, 10)
            .Select(_ => gate.EnterAsync("flood", 1000, Cancellation).AsTask()).ToArray();
        var client = host.NewClient();
        var answer = client.PostAsync(await PrepareAsync(client, node, "mellom-flommen"));
        await UntilAsync(() => gate.Waiting == flood.Length + 1);

        inside.Dispose();
        var next = (GateAnswer.Admitted)await flood[0].WaitAsync(Patience, Cancellation);
        answer.IsCompleted.ShouldBeFalse();
        next.Place.Dispose();

        (await answer.WaitAsync(Patience, Cancellation)).Delivered.ShouldBeTrue();
        var last = (GateAnswer.Admitted)await flood[1].WaitAsync(Patience, Cancellation);
        flood.Count(turn => turn.IsCompleted).ShouldBe(2);
        gate.Waiting.ShouldBe(8);
        last.Place.Dispose();
    }

    private Task<WebApplication> StartNodeAsync(int waiting) => host.StartNodeAsync(
        host.Register, ("Intake:AdmittedMessagesMax", "1"), ("Intake:WaitingMessagesMax", $"{waiting}"));

    private static async Task<StandardRequest> PrepareAsync(StandardClient client, WebApplication node, string id)
    {
        var request = await client.PrepareAsync(Encoding.UTF8.GetBytes(SlashHost.Message(id)), "HST_Avtale");
        request.Target = new Uri(new Uri(node.Urls.Single()), "message");
        request.Claims["htu"] = request.Target.AbsoluteUri;
        return request;
    }

    /// <summary>Everything taking in can write.</summary>
    private async Task<(long, long, long, long)> RowsAsync()
    {
        await using var connection = await host.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<(long, long, long, long)>(
            """
            select (select count(*) from intake.submission), (select count(*) from intake.payload),
              (select count(*) from intake.used_proof), (select count(*) from audit.entry)
            """);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        while (!condition()) await Task.Delay(10, limit.Token);
    }
}
