using Kilde.Intake.Admission;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Kilde.Platform.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake;

/// <summary>Takes messages in, keeps them safe, and brings them to the register.</summary>
public static class IntakeModule
{
    /// <summary>Tables of schema <c>intake</c>, in the register database.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(typeof(IntakeModule).Assembly, "intake");

    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddOptions<IntakeOptions>().BindConfiguration("Intake").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IntakeLog>();
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<SenderDirectory>();
        services.AddSingleton<ConfigureSender>();
        services.AddSingleton<EndObligation>();
        services.AddSingleton<ReplaySubmission>();
        services.AddSingleton<FindSubmissions>();
        services.AddSingleton<GetSubmission>();
        services.AddSingleton<CountSubmissions>();
        services.AddSingleton<SubmissionEvents>();
        services.AddSingleton<FindSenders>();
        services.AddSingleton<GetSeries>();
        return services;
    }
}
