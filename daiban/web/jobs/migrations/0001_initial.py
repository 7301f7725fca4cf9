"""The tables of this app, as made by Django."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(db_index=True, max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('arguments', models.JSONField(default=dict)),
                ('who', models.CharField(max_length=150)),
                ('state', models.CharField(choices=[('waiting', '等待'), ('running', '进行中'), ('done', '完成'), ('failed', '没有做成'), ('cancelled', '已取消')], db_index=True, default='waiting', max_length=10)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('starts', models.PositiveSmallIntegerField(default=0)),
                ('cancel_wanted', models.BooleanField(default=False)),
                ('label', models.CharField(blank=True, max_length=100)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('summary', models.CharField(blank=True, max_length=500)),
                ('problems', models.JSONField(default=list)),
                ('exit_code', models.PositiveSmallIntegerField(null=True)),
                ('result', models.JSONField(null=True)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
    ]
