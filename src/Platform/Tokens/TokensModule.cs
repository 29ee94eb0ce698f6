using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.Tokens;

/// <summary>Verification of DPoP-bound access tokens, set up from <see cref="TokenOptions"/>.</summary>
public static class TokensModule
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new IssuerKeys(
            Options(provider).Issuer, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IssuerKeys>>()));
        services.AddSingleton(provider => new AccessTokenVerifier(
            new JwtVerifier(
                provider.GetRequiredService<IssuerKeys>(), Options(provider).Audience, Skew(provider),
                provider.GetRequiredService<TimeProvider>()),
            Skew(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DpopProofVerifier(
            TimeSpan.FromSeconds(Options(provider).ProofAgeSecondsMax), Skew(provider),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static TokenOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<TokenOptions>>().Value;

    private static TimeSpan Skew(IServiceProvider provider) =>
        TimeSpan.FromSeconds(Options(provider).ClockSkewSeconds);
}
