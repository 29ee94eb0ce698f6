using System.Net;
using Kilde.Intake.Slash.Returning;
using Kilde.Kernel;
using Kilde.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Tests.Slash;

/// <summary>What a sender meets that asks of its standing returns, over HTTP.</summary>
public class StandingReturnTests(SlashHost host) : IClassFixture<SlashHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_short_question_does_not_wait_for_those_who_fetch_slowly()
    {
        var returns = new SlowReturns();
        await using var node = await host.StartNodeAsync(
            host.Register, services => services.AddSingleton<IStandingReturns>(returns));
        var fetches = Enumerable.Range(0, AnswerStandingReturn.FetchesMax)
            .Select(_ => AskAsync(node, $$"""{ "ask": "fetch", "id": "{{Guid.CreateVersion7()}}" }""")).ToArray();
        for (var begun = 0; begun < fetches.Length; begun++)
            (await returns.Begun.WaitAsync(Patience, Cancellation)).ShouldBeTrue();

        var listed = await AskAsync(node, """{ "ask": "list" }""");

        listed.Status.ShouldBe(HttpStatusCode.OK);
        fetches.ShouldAllBe(fetch => !fetch.IsCompleted);
        returns.End.SetResult();
        foreach (var fetch in fetches) (await fetch).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<StandardReply> AskAsync(WebApplication node, string question)
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync([], "HST_Avtale");
        request.Target = new Uri(new Uri(node.Urls.Single()), AnswerStandingReturn.Route);
        request.Claims["htu"] = request.Target.AbsoluteUri;
        (request.Body, request.ContentType) = (question, "application/json");
        return await client.PostAsync(request);
    }

    /// <summary>Packages that last until the test has seen what it came for.</summary>
    private sealed class SlowReturns : IStandingReturns
    {
        public SemaphoreSlim Begun { get; } = new(0);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string ContentType => "application/x-ndjson";

        public Task<ToldReturns> ListAsync(OrganizationNumber unit, CancellationToken cancellation) =>
            Task.FromResult(new ToldReturns([]));

        public Task<(string Item, LocalizedText Why)?> OrderAsync(
            OrganizationNumber unit, string clientId, StandingQuestion order, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> WithdrawAsync(
            OrganizationNumber unit, string clientId, Guid id, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> ResumeAsync(
            OrganizationNumber unit, string clientId, Guid id, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<Func<Stream, CancellationToken, Task>?> FetchAsync(
            OrganizationNumber unit, string clientId, Guid packageId, CancellationToken cancellation) =>
            Task.FromResult<Func<Stream, CancellationToken, Task>?>(async (output, given) =>
            {
                Begun.Release();
                await End.Task.WaitAsync(given);
                await output.WriteAsync("{}"u8.ToArray(), given);
            });
    }
}
