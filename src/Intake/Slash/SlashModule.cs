using Kilde.Intake.Slash.Comparing;
using Kilde.Intake.Slash.Findings;
using Kilde.Intake.Slash.Keys;
using Kilde.Intake.Slash.Returning;
using Kilde.Kernel;
using Kilde.Platform.Tokens;
using Kilde.Platform.Workers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kilde.Intake.Slash;

/// <summary>The JSON channel, wire-compatible with FHI's Slash service.</summary>
public static class SlashModule
{
    private static readonly WorkerPace KeyPace = WorkerPace.Default with { IdleWait = TimeSpan.FromHours(1) };

    internal static IServiceCollection AddSlash(this IServiceCollection services)
    {
        services.AddOptions<SlashOptions>().BindConfiguration(SlashOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddTokens();

        // The safe side: a system that is not told to be a test system refuses synthetic persons.
        services.TryAddSingleton(PersonIdentifierPolicy.Production);
        services.AddSingleton<SlashKeyStore>();
        services.AddSingleton<SlashKeyRing>();
        services.AddSingleton(provider => new RotateKeys(provider.GetRequiredService<SlashKeyRing>()));
        services.AddSingleton<Log.UsedProofs>();
        services.AddSingleton<Authentication>();
        services.AddSingleton<Addressing>();
        services.AddSingleton<KeyFinding>();
        services.AddSingleton<DecryptionFailures>();
        services.AddSingleton<UnwrapThreads>();
        services.AddSingleton<MessageOpening>();
        services.AddSingleton<ContentReading>();
        services.AddSingleton<SlashSteps>();
        services.AddSingleton<ReceiveMessage>();
        services.AddSingleton<TrialLog>();
        services.AddSingleton<ValidateMessage>();
        services.AddSingleton<TestConnection>();
        services.AddSingleton<AnswerKnown>();
        services.AddSingleton<AnswerComparison>();
        services.AddSingleton<AnswerReturn>();
        services.AddSingleton<AnswerStandingReturn>();
        services.AddSingleton<AnswerFindings>();
        services.AddWorker("slash-keys", KeyPace, static provider =>
        {
            var ring = provider.GetRequiredService<SlashKeyRing>();
            return async cancellation =>
            {
                await ring.MaintainAsync(cancellation);
                return false;
            };
        });
        return services;
    }

    /// <summary>
    /// <c>GET /keys</c>, <c>POST /message</c>, <c>/validate</c>, <c>/connection-test</c>, <c>/compare</c>,
    /// <c>/return</c>, <c>/return/standing</c> and <c>/findings</c>.
    /// </summary>
    public static void MapSlash(this IEndpointRouteBuilder routes)
    {
        ListKeys.Map(routes);
        ReceiveMessage.Map(routes);
        ValidateMessage.Map(routes);
        TestConnection.Map(routes);
        AnswerComparison.Map(routes);
        AnswerReturn.Map(routes);
        AnswerStandingReturn.Map(routes);
        AnswerFindings.Map(routes);
    }
}
