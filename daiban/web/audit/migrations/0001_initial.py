"""The tables of this app, as made by Django."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='时间')),
                ('who', models.CharField(db_index=True, max_length=150, verbose_name='谁')),
                ('action', models.CharField(db_index=True, max_length=40, verbose_name='做了什么')),
                ('case', models.CharField(blank=True, db_index=True, max_length=100, verbose_name='案件')),
                ('form', models.CharField(blank=True, max_length=100, verbose_name='文书')),
                ('issue', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='编号')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='来自')),
                ('detail', models.CharField(blank=True, max_length=500, verbose_name='说明')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
    ]
